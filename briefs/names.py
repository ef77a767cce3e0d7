"""Names of files as text; apart, so that the command line need not import what builds."""

from __future__ import annotations


def as_utf8(name: str) -> str:
    r"""Return the name of a file as text that can be written: bytes of it that are not UTF-8 become `\xff`, in any locale.

    >>> print(as_utf8("dam-\udcff.txt"))
    dam-\xff.txt
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
