"""Bytes to text: UTF-8, or a message that says what the file looks like instead, and its text read as that."""

from __future__ import annotations

import codecs
import re

_FIX = "Save it as UTF-8 (in Excel: CSV UTF-8; in LibreOffice: character set Unicode (UTF-8))."
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CYRILLIC_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")


class NotText(ValueError):
    """What a file looks like that is not UTF-8 text, the line where that shows, and what to do."""

    def __init__(self, line: int, problem: str, fix: str = _FIX) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.fix = fix


def decode(data: bytes) -> tuple[str, NotText | None]:
    """The text of a UTF-8 file, a byte order mark left out; of another file its likeliest text, and what is wrong.

    Raises:
        NotText: it is no text at all.
    """
    if data.startswith(b"PK\x03\x04"):
        raise NotText(0, "The file looks like a workbook, not like CSV.", "Name it .xlsx, or save it as CSV.")
    if data.startswith(_UTF_32):
        return data.decode("utf-32", "replace"), NotText(0, "The file looks like UTF-32 text.")
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace"), NotText(0, "The file looks like UTF-16 text.")
    if codec := _alternates(data):
        return data.decode(codec, "replace"), NotText(0, "The file looks like UTF-16 text.")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name, codec = _likeliest(data)
        wrong = NotText(line, f"The file is not UTF-8 text{_looks_like(data, error.start, name, codec)}.")
        return data.decode(codec, "replace"), wrong


def _alternates(data: bytes) -> str:
    """Which UTF-16 it is when every other byte is nought: plain letters without a byte order mark."""
    start = data[:1000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if len(start) <= 3 or max(even, odd) * 2.5 <= len(start):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _likeliest(data: bytes) -> tuple[str, str]:
    """Name and codec of the likeliest encoding of one byte a letter: runs of Russian, or accents here and there."""
    in_runs = sum(len(run) for run in _CYRILLIC_RUN.findall(data))
    russian = in_runs * 2 > len(_HIGH.findall(data))
    return ("Windows-1251", "cp1251") if russian else ("Windows-1252", "cp1252")


def _looks_like(data: bytes, start: int, name: str, codec: str) -> str:
    """The likeliest encoding in words, with the first letter it makes of the bytes."""
    try:
        letter = data[start : start + 1].decode(codec)
    except UnicodeDecodeError:
        return f" (byte {start} is 0x{data[start]:02x})"
    return f"; it looks like {name} (byte {start} would be {letter!r})"
