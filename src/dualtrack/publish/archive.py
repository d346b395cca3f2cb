"""A zip whose bytes depend on its contents only: fixed times, fixed rights, the order given."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files by path (APPNOTE 6.3, deflated; names in UTF-8)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of an archive by path, in its order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
