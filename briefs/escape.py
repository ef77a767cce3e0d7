"""Article text made safe for where it is shown: a line of text, a line of Markdown, an address.

Article text is never trusted. The functions here are pure, keep every word, and give the same result on any machine:
characters are named by code point, not by the Unicode database of the Python that runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

# Invisible characters that move, hide or break other text: controls, soft hyphen, bidi marks, embeddings, overrides
# and isolates, zero-width space, word joiner and invisible operators, byte order mark, interlinear marks, language
# tags, lone surrogates and noncharacters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]+"
)
# Zero-width joiner and non-joiner are part of the spelling in Persian and Indic scripts and of many emoji: they stay
# between two visible characters that are not ASCII, and nowhere else.
_VISIBLE = "[^\x00-\x7f\\s\u200c\u200d]"
_STRAY_JOINER = re.compile(f"(?<!{_VISIBLE})[\u200c\u200d]|[\u200c\u200d](?!{_VISIBLE})")
_LINE_BREAKERS = re.compile("[\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")


def visible(text: str) -> str:
    r"""Return `text` without invisible characters; line ends and tabs stay.

    >>> visible("pay\u202egnp.exe\x1b[2J\n")
    'paygnp.exe[2J\n'
    """
    if text.isprintable():  # as nearly all texts are: none of these characters is printable in any version of Unicode
        return text
    return _STRAY_JOINER.sub("", _HIDDEN.sub("", _LINE_BREAKERS.sub(" ", text)))


def clean(text: str) -> str:
    r"""Return `text` as one line for display: white space collapsed, invisible characters dropped.

    >>> clean(" a hard-\nwrapped\xa0 line\u200b\t")
    'a hard- wrapped line'
    """
    return " ".join(_STRAY_JOINER.sub("", _HIDDEN.sub("", text)).split())


# What could be markup in a line of text. A backslash escapes those characters that every Markdown dialect lets it
# escape; the others become character references, which also hide them from template languages (Liquid, Jinja, Hugo).
_MARKUP = re.compile(
    r"""
    (?P<escape>
        [\\`*\[\]|]
      | !(?=\[)
      | \A[\#>]
      | \A[-+](?![^\W_])                    # a list, a rule, an underline of the line before
      | \A!(?=!!)                           # an admonition in Python-Markdown
      | (?<=\s)\#(?=\#*\Z)                  # the end of a heading
      | (?<=[^\s.])\.(?=[^\W\d_]{2})         # example.com, which some parsers make a link
      | (?<=[Ww]{3})\.
    )
    | (?P<ordered>\A[0-9]+(?=[.)](?:\s|\Z)))
    | (?P<underscores>_+)
    | (?P<encode>
        [{}<]
      | &(?=[#\w]|\Z)
      | (?<!\s)~ | ~(?![^\W_])              # ~ before a word can only open, never close
      | (?<=\S)@                            # an e-mail address
      | (?<=/)/                             # a bare URL
      | :(?=[\w+-]+:)                       # an emoji by its name
      | (?<=--)>                            # an arrow
      | \^ | =(?==\S) | \+(?=\+\w)           # raised, marked, a key, in PyMdown
      | \$(?=\$) | (?<=\$)\$
      | \A[=:%]                             # an underline; a definition; a comment in MyST
      | \A\?(?=\?\?)
      | \A\((?=[^()]*\)=)                   # a target in MyST
    )
    """,
    re.VERBOSE,
)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def md(text: str) -> str:
    r"""Return `text` as one line of Markdown that reads as that text and holds no markup, wherever in a line it stands.

    Works for CommonMark, GFM, kramdown, Python-Markdown, MyST and MDX. Ordinary prose comes out as it is.

    >>> print(md("The firm's loss (2%) - its 3rd - was 5 * 10 at R&D_2."))
    The firm's loss (2%) - its 3rd - was 5 \* 10 at R&amp;D_2.
    >>> print(md("1. <b> {{ x }} [a](javascript:b) https://example.com"))
    1\. &lt;b> &#123;&#123; x &#125;&#125; \[a\](javascript:b) https:/&#47;example\.com
    """
    return _MARKUP.sub(_escape_markup, clean(text))


def _escape_markup(match: re.Match[str]) -> str:
    found, text = match[0], match.string
    if match["encode"]:
        return _ENTITIES.get(found, f"&#{ord(found)};")
    if match["ordered"]:
        return found + "\\"
    if match["underscores"]:
        inside_word = (
            text[match.start() - 1 : match.start()].isalnum() and text[match.end() : match.end() + 1].isalnum()
        )
        return found if inside_word else "\\_" * len(found)
    return "\\" + found


# What some dialect takes for markup even in an address. `:~:` begins the directive of a fragment and must stay.
_ADDRESS_MARKUP = re.compile(r"[$*|]|(?<!:)~|~(?!:)|&(?=[#\w]+;)")


def md_url(url: str) -> str:
    """Return a web address, as `safe_url` gives it, as the target of a Markdown link.

    >>> md_url("https://news.example/a*b?c=$1&lt;=2#:~:text=dam")
    'https://news.example/a%2Ab?c=%241&amp;lt;=2#:~:text=dam'
    """
    return _ADDRESS_MARKUP.sub(lambda match: "&amp;" if match[0] == "&" else f"%{ord(match[0]):02X}", url)


def quoted(value: object) -> str:
    r"""Return a text, or a list of texts, as YAML in double quotes, which every reader of YAML takes for text.

    >>> print(quoted('"Yes": 1e3'), quoted(["no", "2026-02-16"]))
    "\"Yes\": 1e3" ["no", "2026-02-16"]
    """
    return json.dumps(value, ensure_ascii=False)


_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def tagless(value: object) -> object:
    """Return a text, or the texts in a list or mapping, in which nothing opens a tag, for pages that do not escape them.

    What could open one has a look-alike in its place: the one case in which a character of the article is changed.

    >>> tagless(["1 < 2", "<b>"])
    ['1 < 2', '‹b>']
    """
    if isinstance(value, str):
        return _TAG.sub("‹", value)
    if isinstance(value, Mapping):
        return {key: tagless(held) for key, held in value.items()}
    return [tagless(held) for held in value] if isinstance(value, list | tuple) else value


def curly(text: str) -> str:
    """Return a text with typographic double quotes in place of straight ones, for themes that put it into an attribute.

    >>> curly('the "best" of (some) "six"')
    'the “best” of (some) “six”'
    """
    return re.sub(r'(?<![^\s(\[])"', "“", text).replace('"', "”")


def safe_url(url: str | None) -> str | None:
    """Return `url` in a form that can stand in HTML and Markdown, or None where it is no plain web address.

    Only http and https with a host and without a user name pass; what is not allowed in a URL is percent-encoded.

    >>> safe_url("https://news.example/a (1)?q=<b>")
    'https://news.example/a%20%281%29?q=%3Cb%3E'
    >>> safe_url("javascript:alert(1)") is safe_url("https://bank.example@evil.example/") is None
    True
    """
    try:
        parts = urlsplit(clean(url or ""))
        host = parts.hostname
    except ValueError:  # an unfinished IPv6 address
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return quote(parts.geturl(), safe="/:?#@!$&*+,;=%-._~")
