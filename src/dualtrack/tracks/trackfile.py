"""A track file as it comes: what it is, its hash, and its documents, never more of it in memory than a bound allows."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dualtrack.core.errors import BadInput

Kind = Literal["parquet", "json", "csv"]

LARGEST_DOCUMENT = 256 << 20
"""Bytes of one JSON document, unpacked: the longest traces seen have some 20 MB."""

LARGEST_RATIO = 200
"""Unpacked to packed bytes, of what unpacks to more than ``LARGEST_DOCUMENT``: tracks reach 5 to 30, bombs 1,000."""

_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Member:
    """Which file of an archive it is: where the archive lies, the name within it, the archive's hash."""

    archive: Path
    name: str
    sha256: str


@dataclass(frozen=True)
class TrackFile:
    """A file with what was learnt by reading it once.

    Attributes:
        path: where it is.
        kind: Parquet, JSON or a text table.
        packed: whether it is gzip, whatever its name says.
        sha256: of its bytes; of an archive's member, of its bytes unpacked.
        size: of these bytes.
        encoding: ``utf-8``, or ``latin-1`` where it is not UTF-8 (tables only).
        header: the first line of a text table, without its end.
        member: which file of an archive it is, if it is one.
    """

    path: Path
    kind: Kind
    packed: bool
    sha256: str
    size: int
    encoding: str
    header: str
    member: Member | None = None

    @property
    def called(self) -> str:
        """How messages call it."""
        return str(self.path) if self.member is None else f"{self.member.archive}/{self.member.name}"

    @property
    def name(self) -> str:
        """How it is called without the folder."""
        return self.path.name if self.member is None else f"{self.member.archive.name}/{self.member.name}"


def inspected(path: Path, member: Member | None = None) -> TrackFile:
    """Reads a file once, from end to end: its hash, what it holds and how it is written.

    Args:
        path: where it is.
        member: which file of an archive that is.

    Raises:
        BadInput: it cannot be read, is empty, packed in another way than gzip, damaged, or unpacks to too much.
    """
    called = f"{member.archive}/{member.name}" if member else str(path)
    if path.exists() and not path.is_file():
        raise BadInput(f"{called} is no plain file.", "Name a track file: CSV, Parquet or JSON.")
    digest, size, start = hashlib.sha256(), 0, b""
    unpacking = _Unpacking(called, hashed=member is not None)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                if not size:
                    start = block[:4]
                digest.update(block)
                size += len(block)
                unpacking.take(block)
    except OSError as error:
        raise BadInput(f"{called} cannot be read: {error.strerror}.", "Is it there, and are you allowed to?") from None
    if not size:
        raise _empty(called)
    if start == b"PAR1":
        kind: Kind = "parquet"
    elif start[:2] in (b"PK", b"BZ") or start in (b"\xfd7zX", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf"):
        raise BadInput(f"{called} is packed in a way that is not read here.", "Unpack it first; gzip is read as it is.")
    else:
        unpacking.finish()
        if not unpacking.head.strip():
            raise _empty(called)
        kind = "json" if unpacking.head.lstrip()[:1] in (b"{", b"[") else "csv"
        if kind == "csv" and (nul := unpacking.head.find(b"\x00")) >= 0:
            line = unpacking.head.count(b"\n", 0, nul) + 1
            raise BadInput(
                f"{called}:{line}: a byte that is no text: it is neither text nor Parquet.",
                "Name a track file: CSV in UTF-8, Parquet or JSON. Was it copied whole?",
            )
    encoding = "utf-8" if unpacking.utf8 else "latin-1"
    header = ""
    if kind == "csv":
        first = unpacking.head.partition(b"\n")[0]
        if len(first) >= _BLOCK:
            raise BadInput(f"{called}:1: the first line is longer than {_BLOCK:,} bytes.", "Is it a CSV file?")
        header = first.decode(encoding, "replace").removeprefix("\ufeff").rstrip("\r")
        if "\r" in header:
            raise BadInput(f"{called}:1: lines end in a carriage return alone.", "Save it with the usual line ends.")
    if unpacking.digest:
        digest, size = unpacking.digest, unpacking.length
    return TrackFile(path, kind, unpacking.packed, digest.hexdigest(), size, encoding, header, member)


def _empty(called: str) -> BadInput:
    return BadInput(f"{called} is empty.", "Was it copied whole? Name a file with reports in it.")


class _Unpacking:
    """The first bytes of a file, unpacked, whether all of it is UTF-8, and how much it unpacks to."""

    def __init__(self, called: str, hashed: bool) -> None:
        self.called = called
        self.digest = hashlib.sha256() if hashed else None
        self.length = 0
        self.packed = False
        self.utf8 = True
        self.head = b""
        self._packed_length = 0
        self._first = True
        self._inflate = zlib.decompressobj(wbits=31)
        self._decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()

    def take(self, block: bytes) -> None:
        """The next block of the file as it is stored."""
        if self._first:
            self.packed, self._first = block[:2] == _GZIP, False
            if block[:4] == b"PAR1":
                self.utf8 = False  # binary
        if not self.packed:
            self._read(block)
            return
        self._packed_length += len(block)
        try:
            while block:
                self._read(self._inflate.decompress(block, _BLOCK))
                if self.length > max(LARGEST_DOCUMENT, LARGEST_RATIO * self._packed_length):
                    raise BadInput(
                        f"{self.called} unpacks to more than {LARGEST_RATIO} times its size.",
                        "No tracks do; look at what it is before you unpack it.",
                    )
                block = self._inflate.unconsumed_tail
                if self._inflate.eof and (rest := self._inflate.unused_data):  # gzip files can stand one after another
                    self._inflate, block = zlib.decompressobj(wbits=31), rest
        except zlib.error:
            raise BadInput(f"{self.called} is damaged: it cannot be unpacked.", "Fetch it again.") from None

    def finish(self) -> None:
        """The file has ended."""
        if self.packed and not self._inflate.eof:
            raise BadInput(f"{self.called} is cut short: its gzip stream has no end.", "Fetch it again.")

    def _read(self, text: bytes) -> None:
        self.length += len(text)
        if self.digest:
            self.digest.update(text)
        if len(self.head) < _BLOCK:
            self.head += text
        if self.utf8:
            try:
                self._decoder.decode(text)
            except UnicodeDecodeError:
                self.utf8 = False


def documents(file: TrackFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON documents of a file with the line each begins in: one, or one a line.

    Raises:
        BadInput: it is no JSON, or a document is no object or longer than ``LARGEST_DOCUMENT``.
    """
    with gzip.open(file.path) if file.packed else file.path.open("rb") as stream:
        text = stream.read(LARGEST_DOCUMENT + 1)
        whole = torn = None
        try:
            whole = json.loads(text) if len(text) <= LARGEST_DOCUMENT else None
        except json.JSONDecodeError as error:
            torn = error
        except (ValueError, RecursionError):
            pass
        if whole is not None:
            yield 1, _object(file.called, 1, whole)
            return
        stream.seek(0)
        number = 0
        while line := stream.readline(LARGEST_DOCUMENT + 1):
            number += 1
            if len(line) > LARGEST_DOCUMENT:
                raise BadInput(
                    f"{file.called}:{number}: the document is longer than {LARGEST_DOCUMENT >> 20} MiB.",
                    "Is it a trace of one aircraft, or the aircraft of one moment? Split it otherwise.",
                )
            if line.strip():
                yield number, _parsed(file.called, number, line, torn)


def _parsed(called: str, number: int, line: bytes, torn: json.JSONDecodeError | None) -> dict[str, Any]:
    """A line as a document; where the first is none, what is wrong with the file as a whole is told."""
    try:
        return _object(called, number, json.loads(line))
    except json.JSONDecodeError as error:
        error = torn if torn and number == 1 else error
        column = f", column {error.colno}"
        raise BadInput(
            f"{called}:{number + error.lineno - 1}{column}: this is not JSON ({error.msg}).",
            "Was the file copied whole? Fetch it again.",
        ) from None
    except RecursionError:
        raise BadInput(f"{called}:{number}: the JSON is nested too deeply.", "No tracks are; look at it.") from None
    except ValueError:  # no UTF-8, or a number of thousands of digits
        raise BadInput(f"{called}:{number}: this is not JSON.", "Was the file copied whole? Fetch it again.") from None


def _object(called: str, number: int, document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise BadInput(
            f"{called}:{number}: the document is no object.",
            "Name a readsb trace or an aircraft.json, as it is written.",
        )
    return document
