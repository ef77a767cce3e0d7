// Prints what feedsmith reads in each of the files named, as a list of JSON.
import { readFileSync } from "node:fs";
import { parseFeed } from "feedsmith";

const feeds = process.argv.slice(2).map((path) => parseFeed(readFileSync(path, "utf8")));
console.log(JSON.stringify(feeds));
