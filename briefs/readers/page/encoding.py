r"""From the bytes of a web page to its text: by its mark, by what it declares, by what its bytes are.

The labels and what they mean are those of the WHATWG's Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels):
"iso-8859-1" and "ascii" mean windows-1252 there.
"""

from __future__ import annotations

import codecs
import re

_SNIFFED = 2_048  # bytes in which a page declares its encoding
_SAMPLE = 20_000  # bytes that are enough to guess an encoding from
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# How a page in UTF-16 begins where it has no mark: "<" and what follows it.
_WIDE = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))

# Python's codec, and the labels that mean it.
_LABELS = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf-16 utf-16le utf-16be unicode",
    "cp1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 l1 latin-1 ascii us-ascii"
    " ansi_x3.4-1968 cp819 ibm819 iso-ir-100 csisolatin1 x-user-defined",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 latin5 l5 iso-ir-148 csisolatin5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620",
    "iso8859-2": "iso-8859-2 iso8859-2 iso88592 iso_8859-2 latin2 l2 iso-ir-101 csisolatin2",
    "iso8859-3": "iso-8859-3 iso8859-3 iso88593 iso_8859-3 latin3 l3",
    "iso8859-4": "iso-8859-4 iso8859-4 iso88594 iso_8859-4 latin4 l4",
    "iso8859-5": "iso-8859-5 iso8859-5 iso88595 iso_8859-5 cyrillic",
    "iso8859-6": "iso-8859-6 iso8859-6 iso88596 iso_8859-6 arabic asmo-708 ecma-114",
    "iso8859-7": "iso-8859-7 iso8859-7 iso88597 iso_8859-7 greek greek8 ecma-118 elot_928",
    "iso8859-8": "iso-8859-8 iso8859-8 iso88598 iso_8859-8 hebrew visual iso-8859-8-i logical",
    "iso8859-10": "iso-8859-10 iso8859-10 iso885910 latin6 l6",
    "iso8859-13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859-14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859-15": "iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
    "iso8859-16": "iso-8859-16",
    "koi8-r": "koi8-r koi8 koi koi8_r",
    "koi8-u": "koi8-u koi8-ru",
    "cp866": "ibm866 866 cp866",
    "mac-roman": "macintosh mac x-mac-roman mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "gb18030 gbk x-gbk gb2312 gb_2312 gb_2312-80 chinese",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
    "euc_jp": "euc-jp x-euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j",
    "cp949": "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean windows-949",
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}

# Encodings of Latin script: where nothing is declared, English in any of them is more likely windows-1252.
_LATIN = frozenset("cp1250 cp1254 cp1257 cp1258 mac-roman".split()) | {
    f"iso8859-{n}" for n in (2, 3, 4, 10, 13, 14, 15, 16)
}

_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"<meta[^>]{0,800}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w:.-]+)", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w:.-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_ABOUT_HIGH = re.compile(rb"[^\n\x80-\xff]{0,40}[\x80-\xff]+[^\n\x80-\xff]{0,40}")


def decode_page(source: bytes, *, content_type: str | None = None) -> str:
    r"""Return the text of a page, whatever its bytes are; what cannot be read of them is U+FFFD.

    Its byte order mark tells the encoding; else `content_type`, the header it was served with; else what the page declares
    in its first bytes; else it is UTF-8 if it can be, and a guess if not. A declaration that the bytes belie gives way.

    >>> decode_page(b'<meta charset="iso-8859-1"><p>\x93Caf\xe9\x94</p>')[-13:]
    '<p>“Café”</p>'
    >>> decode_page("<p>“Café”</p>".encode(), content_type="text/html; charset=latin1")
    '<p>“Café”</p>'
    """
    for mark, codec in _MARKS:
        if source.startswith(mark):
            return source[len(mark) :].decode(codec, "replace")
    for opening, codec in _WIDE:
        if source.startswith(opening):
            return source.decode(codec, "replace")
    declared = _from_header(content_type) or _from_page(source[:_SNIFFED])
    utf8 = _strict(source, "utf-8")
    if utf8 is not None and declared in {None, "utf-8", "cp1252"}:
        return utf8  # bytes beyond ASCII that are UTF-8 by chance, and mean windows-1252, are not seen
    if declared is None:
        return _guess(source)
    text = _strict(source, declared)
    if text is not None:
        return text
    return utf8 if utf8 is not None else _mend(source, declared)


def _from_header(content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type or "")
    return _CODECS.get(found[1].lower()) if found else None


def _from_page(head: bytes) -> str | None:
    head = _COMMENT.sub(b"", head)
    found = _META.search(head) or _XML.match(head)
    return _CODECS.get(found[1].decode("ascii", "replace").lower()) if found else None


def _strict(source: bytes, codec: str) -> str | None:
    try:
        return source.decode(codec)
    except UnicodeDecodeError:
        return None


def _mend(source: bytes, codec: str) -> str:
    """Return the text by a declaration that is wrong for some bytes; a guess, where it is wrong for most beyond ASCII."""
    text = source.decode(codec, "replace")
    broken = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text if 2 * broken <= beyond else _guess(source)


def _guess(source: bytes) -> str:
    """Return the text by the encoding that its bytes look like, windows-1252 where they look like none."""
    from charset_normalizer import from_bytes  # noqa: PLC0415

    sample = bytearray()
    for found in _ABOUT_HIGH.finditer(source):
        sample += found[0] + b"\n"
        if len(sample) >= _SAMPLE:
            break
    best = from_bytes(bytes(sample)).best()
    codec = _CODECS.get(best.encoding.replace("_", "-")) if best is not None else None
    return source.decode("cp1252" if codec is None or codec in _LATIN else codec, "replace")
