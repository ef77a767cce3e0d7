import { defineCollection, z } from "astro:content";
import { glob } from "astro/loaders";

const briefs = defineCollection({
  loader: glob({ pattern: "*.md", base: "./src/content/briefs" }),
  schema: z.strictObject({
    title: z.string(),
    description: z.string(),
    date: z.date().optional(),
    updated: z.date().optional(),
    dek: z.string().optional(),
    section: z.string().optional(),
    publisher: z.string().optional(),
    byline: z.string().optional(),
    dateline: z.string().optional(),
    language: z.string().optional(),
    article: z.string().url().optional(),
    tags: z.array(z.string()),
    actors: z.array(z.string()),
    related: z.array(z.string()),
  }),
});

export const collections = { briefs };
