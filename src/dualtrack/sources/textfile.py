"""Text files as downloaded: bounded in size, UTF-8, CSV of any length line by line, a zip opened where it holds one.

A file of the wrong kind is named for what it is: a web page saved under another name, a spreadsheet, another
encoding.
"""

from __future__ import annotations

import codecs
import csv
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO

from dualtrack.core.errors import BadInput
from dualtrack.sources.contract import refused

LARGEST = 2 * 1024**3  # bytes: the events of 1989 to 2024 are 250 million
LONGEST_LINE = 1_000_000
# What a damaged archive makes the standard library raise; NotImplementedError is zipfile's word for a packing it
# does not know.
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError)
_DELIMITERS = {";": "semicolons", "\t": "tabs"}


def kind(head: bytes) -> str:
    """What a file is by its first bytes, where it is not text that we read."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div")):
        return "a web page"
    if start.startswith((b"<?xml", b"<")):
        return "XML"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "a workbook in the old format (.xls), or one with a password"
    if head.startswith(b"%PDF"):
        return "a PDF"
    if head.startswith(b"\x1f\x8b"):
        return "compressed with gzip"
    if head.startswith(b"PK\x03\x04"):
        return "a zip archive"
    if head.startswith(b"{\\rtf"):
        return "a text document (RTF)"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head[:400].count(0) * 3 > len(head[:400]) > 8:
        return "UTF-16 text"
    return ""


def head_of(path: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        BadInput: there is no such file, it cannot be read, it is empty or too large.
    """
    try:
        with path.open("rb") as handle:
            head = handle.read(4096)
        size = path.stat().st_size
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.", "Give the path of the file you downloaded."
        ) from None
    if not head.strip():
        raise refused(path, "The file is empty.", "Download it again.")
    if size > LARGEST:
        raise refused(path, f"The file is larger than {LARGEST:,} bytes.", "Is it the right file?")
    return head


@contextmanager
def opened(path: Path, member: str, what: str) -> Iterator[BinaryIO]:
    """The bytes of a text file; of a zip, those of its one file with a name like ``member``.

    Args:
        path: the file.
        member: such as ``API_*.csv``.
        what: what the file should be, for the message.

    Raises:
        BadInput: it is something else.
    """
    found = kind(head_of(path))
    if found == "a zip archive":
        with _member(path, member, what) as handle:
            yield handle
        return
    if found:
        raise refused(path, f"The file is {found}, not {what}.", _remedy(found))
    with path.open("rb") as handle:
        yield handle


def _remedy(found: str) -> str:
    if found == "a web page":
        return "The download brought a page instead of the file: follow its link, or download it again."
    if found == "UTF-16 text":
        return "Save it as UTF-8 (in Excel: CSV UTF-8)."
    if "gzip" in found:
        return "Unpack it first."
    return "Give the file as it was downloaded."


def broken(path: Path, error: Exception) -> BadInput:
    """The error for an archive that cannot be unpacked."""
    said = " ".join(str(error).split())[:80]
    return refused(path, f"The file is damaged or cut off ({said}).", "Download it again.")


@contextmanager
def _member(path: Path, member: str, what: str) -> Iterator[BinaryIO]:
    with ExitStack() as opened_files:
        try:
            archive = opened_files.enter_context(zipfile.ZipFile(path))
            entry = _only(path, archive, member, what)
            handle = opened_files.enter_context(archive.open(entry))
        except BROKEN as error:
            raise broken(path, error) from None
        yield handle  # type: ignore[misc]


def _only(path: Path, archive: zipfile.ZipFile, member: str, what: str) -> zipfile.ZipInfo:
    """The one file of an archive with a name like this."""
    found = [
        entry
        for entry in archive.infolist()
        if fnmatchcase(entry.filename.rpartition("/")[2].casefold(), member.casefold())
        and not entry.filename.startswith("__MACOSX")
    ]
    if len(found) != 1:
        holds = ", ".join(entry.filename[:60] for entry in archive.infolist()[:5]) or "nothing"
        problem = f"The zip archive holds {len(found)} files {member}, not one; it holds {holds}."
        raise refused(path, problem, f"Unpack it and give {what}.")
    entry = found[0]
    if entry.file_size > LARGEST:
        problem = f"{entry.filename} unpacks to more than {LARGEST:,} bytes."
        raise refused(path, problem, "Is it the right file?")
    if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(path, f"{entry.filename} is locked or packed in a rare way.", "Unpack it first.")
    return entry


def whole_text(path: Path, handle: BinaryIO, largest: int) -> str:
    """All of a small text.

    Raises:
        BadInput: it is not UTF-8, or longer than that.
    """
    try:
        data = handle.read(largest + 1)
    except BROKEN as error:
        raise broken(path, error) from None
    if len(data) > largest:
        raise refused(path, f"The file is larger than {largest:,} bytes.", "Is it the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused(path, "The file is not UTF-8 text.", _SAVE_UTF8, line=line) from None


_SAVE_UTF8 = "Save it as UTF-8 (in Excel: CSV UTF-8; in LibreOffice: character set Unicode (UTF-8))."


def csv_rows(path: Path, handle: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file (RFC 4180) with the number of the line each begins in, read as they are needed.

    Raises:
        BadInput: it is not UTF-8, a line or a cell is longer than a table's can be, a quote is not closed.
    """
    lines = _Lines(path, handle)
    reader = csv.reader(lines, strict=True)
    while True:
        begun = lines.line + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"The CSV cannot be read: {error}."
            fix = "Check the quotes, or download it again."
            other = other_separator(path, begun, lines.last.split(","))
            raise other or refused(path, problem, fix, line=begun) from None
        if row:
            yield begun, row


class _Lines:
    """Lines of text, none of them longer than a table's can be."""

    def __init__(self, path: Path, handle: BinaryIO) -> None:
        self.path = path
        self.handle = handle
        self.line = 0
        self.last = ""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            data = self.handle.readline(LONGEST_LINE + 1)
        except BROKEN as error:
            raise broken(self.path, error) from None
        if not data:
            raise StopIteration
        self.line += 1
        if len(data) > LONGEST_LINE:
            problem = f"The line is longer than {LONGEST_LINE:,} bytes."
            raise refused(self.path, problem, "It is no table, or a quote is not closed.", line=self.line)
        if b"\0" in data:
            raise refused(self.path, "The line holds a byte that is no text (0).", "Download it again.", line=self.line)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise refused(self.path, "The file is not UTF-8 text.", _SAVE_UTF8, line=self.line) from None
        self.last = text.removeprefix("\ufeff") if self.line == 1 else text
        return self.last


def other_separator(path: Path, line: int, row: list[str]) -> BadInput | None:
    """The error for a header that is one cell because something else than commas stands between its names."""
    for mark, name in _DELIMITERS.items():
        if sum(cell.count(mark) for cell in row) > max(1, len(row) - 1):
            return refused(path, f"The columns are separated by {name}.", "Save it with commas.", line=line)
    return None
