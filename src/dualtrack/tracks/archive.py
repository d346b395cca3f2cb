"""Zip archives of track files, as Danish and US AIS come: each table or document within is read like a file.

A packed member is not unpacked to disk: its deflate stream gets the head and the end of a gzip file (RFC 1952), and
what reads gzip files reads it, with their bounds. Names of members are told and never used as paths.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

from dualtrack.core.errors import BadInput
from dualtrack.tracks.trackfile import Member, TrackFile, inspected

READ = (".csv", ".json")
"""Endings of members that are read; a note or a licence beside them is not."""

_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, struct.error)
_BLOCK = 1 << 20
_LOCKED = 0x1
_LOCAL_HEAD, _LENGTHS_AT = 30, 26
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip archive does, whatever its name says; false where it cannot be read."""
    if not path.is_file():  # a pipe would wait for somebody to write
        return False
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def members(path: Path, known: Collection[tuple[str, str]], scratch: Path) -> Iterator[TrackFile]:
    """The track files of an archive, one at a time: each is gone when the next is asked for.

    Args:
        path: of the archive.
        known: hashes of archives with names of members that need not be read again.
        scratch: a folder for one member, as it is packed.

    Raises:
        BadInput: the archive is damaged, locked, packed in a rare way, or holds no track file; or as ``inspected``.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except _BROKEN as error:
        raise _damaged(path, error) from None
    chosen = [entry for entry in entries if _is_track(entry)]
    if not chosen:
        holds = ", ".join(repr(entry.filename[:60])[1:-1] for entry in entries[:5]) or "nothing"
        raise BadInput(
            f"{path}: the zip archive holds no track file; it holds {holds}.",
            f"Files ending in {' or '.join(READ)} are read from an archive; unpack others first.",
        )
    if sum(entry.compress_size for entry in chosen) > path.stat().st_size:
        raise BadInput(f"{path}: its members lie over one another.", "No archive of tracks does; do not unpack it.")
    part = scratch / "member"
    for entry in chosen:
        member = Member(path, _told(entry.filename), digest)
        if (digest, member.name) in known:
            continue
        try:
            _taken_out(path, entry, part)
        except _BROKEN as error:
            raise _damaged(path, error) from None
        try:
            yield inspected(part, member)
        finally:
            part.unlink(missing_ok=True)


def _is_track(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.rpartition("/")[2]
    hidden = name.startswith(".") or entry.filename.startswith("__MACOSX")
    return name.casefold().endswith(READ) and not hidden


def _told(name: str) -> str:
    """A member's name that can be printed."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:200]


def _taken_out(path: Path, entry: zipfile.ZipInfo, part: Path) -> None:
    """Copies a member as it is packed: a deflate stream as a gzip file, a stored one as it is.

    Raises:
        BadInput: it is locked or packed in a rare way.
    """
    if entry.flag_bits & _LOCKED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadInput(f"{path}/{_told(entry.filename)} is locked or packed in a rare way.", "Unpack it first.")
    packed = entry.compress_type == zipfile.ZIP_DEFLATED
    with path.open("rb") as source, part.open("wb") as target:
        source.seek(entry.header_offset)
        head = source.read(_LOCAL_HEAD)
        if head[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("a member is not where the archive says")
        source.seek(sum(struct.unpack_from("<HH", head, _LENGTHS_AT)), 1)  # its name, and an extra field
        target.write(_GZIP_HEAD if packed else b"")
        left = entry.compress_size
        while left:
            block = source.read(min(left, _BLOCK))
            if not block:
                raise EOFError("it ends too early")
            target.write(block)
            left -= len(block)
        target.write(struct.pack("<II", entry.CRC, entry.file_size & 0xFFFFFFFF) if packed else b"")


def _damaged(path: Path, error: Exception) -> BadInput:
    said = " ".join(str(error).split())[:80]
    return BadInput(f"{path}: the zip archive is damaged or cut short ({said}).", "Fetch it again.")
