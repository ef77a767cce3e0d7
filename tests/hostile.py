"""Inputs made to break a reader, by name: what a file of that name holds. Run as a program, it reads each and says how."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from io import BytesIO

MILLION = 1_000_000
LONGEST = 20  # seconds of processor time for a case, before it is stopped
PROSE = "The dam above Selmoor held on Monday, the mayor said."
HEAD = "# Dam holds\n\n"


def rss(item: str, *, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>Post</title><item>{item}</item></channel></rss>'


def entry(body: str) -> str:
    return rss(f"<title>Dam holds</title><description>{body}</description>")


def page(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Dam holds</title>{head}</head><body><h1>Dam holds</h1>{body}</body></html>"
    )


LAUGHS = "<!DOCTYPE r [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(12))

CASES: dict[str, Callable[[], str | bytes]] = {
    "laughs.xml": lambda: rss("<title>Dam</title><description>&a12;</description>", before=LAUGHS + "]>"),
    "blowup.xml": lambda: rss(
        f"<title>Dam</title><description>{'&a;' * 100_000}</description>",
        before=f"<!DOCTYPE r [<!ENTITY a '{'x' * 100_000}'>]>",
    ),
    "external.xml": lambda: rss(
        "<title>Dam &a;</title><description>&a; " + PROSE + "</description>",
        before='<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ),
    "nested.xml": lambda: rss("<title>Dam</title>" + "<a>" * MILLION),
    "nested-in-entry.xml": lambda: entry(f"<![CDATA[{'<div>' * MILLION}{PROSE}]]>"),
    "broken.xml": lambda: rss("<title>Dam & </title>" + "<description>" * 200_000),
    "encoding.xml": lambda: b'<?xml version="1.0" encoding="latin\xff1"?>' + entry(PROSE).encode().partition(b"?>")[2],
    "ends.xml": lambda: "<rss><item<title</content:encoded>",
    "comments.xml": lambda: entry("<![CDATA[" + "<!-- " * MILLION + "]]>"),
    "nuls.xml": lambda: entry(f"a\0b {PROSE}"),
    "references.xml": lambda: entry(f"&#0;&#xD800;&#xFFFF;&#x10FFFF; {PROSE}"),
    "items.xml": lambda: "<rss><channel>" + "<item><title>Dam</title></item>" * 20_000 + "</channel></rss>",
    "nested.html": lambda: page("<div>" * MILLION + PROSE),
    "unclosed.html": lambda: page("<b><i>" * 300_000 + PROSE),
    "paragraphs.html": lambda: page("<p>" * MILLION),
    "comments.html": lambda: page("<!-- " * MILLION),
    "angles.html": lambda: page("<" * MILLION),
    "ampersands.html": lambda: page("&" * MILLION),
    "attributes.html": lambda: page(f"<p {'a=b ' * 300_000}>{PROSE}</p>"),
    "nuls.html": lambda: page(f"<p>{PROSE}\0</p>" * 20),
    "surrogates.html": lambda: page(f"<p>&#xD800; {PROSE} &#0;</p>" * 20),
    "linked.html": lambda: page(
        f"<p>{PROSE}</p>" * 10, head=f'<script type="application/ld+json">{"[" * 100_000}</script>'
    ),
    "binary.html": lambda: b"<!DOCTYPE html>" + bytes(range(256)) * 4_000,
    "aliases.md": lambda: "---\na: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(100)) + "---\n" + PROSE,
    "deep.md": lambda: "---\na: " + "[" * 60_000 + "\n---\n" + PROSE,
    "deep-toml.md": lambda: "+++\na = " + "[" * 60_000 + "\n+++\n" + PROSE,
    "tags.md": lambda: f"---\ntitle: !!python/object/apply:os.system [id]\n---\n{PROSE}",
    "front-matter.md": lambda: "---\n" + "a: b\n" * 300_000 + "---\n" + PROSE,
    "brackets.md": lambda: HEAD + "[" * MILLION,
    "links.md": lambda: HEAD + "[a](" * 200_000,
    "images.md": lambda: HEAD + "![" * 10_000,
    "stars.md": lambda: HEAD + "*a **b " * 200_000,
    "many-stars.md": lambda: HEAD + ("*a **b " * 2_500 + "\n\n") * 60,
    "backticks.md": lambda: HEAD + "".join("`" * n + " " for n in range(1, 1_400)),
    "quotes.md": lambda: HEAD + "> " * 100_000 + PROSE,
    "lists.md": lambda: HEAD + "\n".join(" " * n + "- a" for n in range(1_500)),
    "escapes.md": lambda: HEAD + "\\*" * 500_000,
    "tables.md": lambda: HEAD + "|" * 10_000 + "\n" + "|-" * 10_000 + "|\n" + ("|" * 10_000 + "\n") * 50,
    "references.md": lambda: HEAD + "[a]: b\n" * 200_000,
    "autolinks.md": lambda: HEAD + "<a" * 500_000,
    "shortcodes.md": lambda: HEAD + "{{<" * 300_000,
    "bidi.md": lambda: HEAD + f"\u202e\u2066\u200b{PROSE}\u202c" * 1_000,
    "nested.json": lambda: "[" * MILLION,
    "nested-object.json": lambda: '{"a":' * MILLION,
    "digits.json": lambda: '{"title": ' + "9" * MILLION + "}",
    "surrogates.json": lambda: '{"title": "Dam \\ud800 holds\\u0000", "text": "' + PROSE + ' \\udfff"}',
    "many.json": lambda: "[" + ",".join(['{"title": "Dam"}'] * 20_000) + "]",
    "markup.json": lambda: json.dumps({"title": "Dam holds", "html": "<a " * MILLION}),
    "long-line.jsonl": lambda: '{"title": "' + "x" * (100 * MILLION),
    "long-line.txt": lambda: "Dam holds\n\n" + "x" * (100 * MILLION),
    "long-word.txt": lambda: "Dam holds\n\n" + PROSE + "x" * 1_900_000,
}


def main() -> int:
    """Read each case that is named; print its name, the seconds it took, and what came of it, a case a line."""
    from briefs.errors import SeedError
    from briefs.readers import ReadOptions, read_articles

    most = 3 * 1024**3
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for name in sys.argv[1:] or CASES:
        made = CASES[name]()
        source = BytesIO(made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass"))
        began = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(began) + LONGEST, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        try:
            reads = list(read_articles(source, path=name, options=ReadOptions()).each)
        except SeedError as error:
            reads = [error]
        seconds = time.process_time() - began
        what = str(reads[0]) if isinstance(reads[0], SeedError) else f"an article of {len(reads[0].text)}"
        passwd = any("root:" in read.text for read in reads if not isinstance(read, SeedError))
        print(f"{name}\t{seconds:.2f}\t{len(reads)}\t{'leaks' if passwd else ''}\t{what[:200]}", flush=True)  # noqa: T201 - the report
    return 0


if __name__ == "__main__":
    sys.exit(main())
