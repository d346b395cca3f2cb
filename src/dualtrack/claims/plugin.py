"""A plugin of pytest: every claim file is a test, which fails when the verdict is not the one recorded.

Installed with the package (entry point ``pytest11``). Folders named in the ini option ``dualtrack_claims`` are
collected wherever pytest looks for tests; ``--dualtrack-claims`` collects the claims that come with the package;
``--dualtrack-record`` lays a folder of tables over the packaged record. Nothing is imported until one of them is used.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options and the ini option."""
    group = parser.getgroup("dualtrack")
    group.addoption("--dualtrack-claims", action="store_true", help="also test the claims that come with dualtrack")
    group.addoption("--dualtrack-record", default=None, metavar="DIR", help="tables to lay over the packaged record")
    parser.addini("dualtrack_claims", "folders whose *.yml files are claims, each a test", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Adds the folder of the packaged claims to what is collected, if asked."""
    if config.getoption("--dualtrack-claims"):
        from dualtrack.claims.claim import packaged_claims

        config.args.append(str(packaged_claims()))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file below one of the folders is a claim."""
    if file_path.suffix != ".yml" or file_path.name == "tolerances.yml":
        return None
    folders = [Path(folder) for folder in parent.config.getini("dualtrack_claims")]
    if parent.config.getoption("--dualtrack-claims"):
        from dualtrack.claims.claim import packaged_claims

        folders.append(packaged_claims())
    if not any(folder.resolve() in file_path.resolve().parents for folder in folders):
        return None
    made: pytest.Collector = _kinds().from_parent(parent, path=file_path)
    return made


@lru_cache(maxsize=1)
def _kinds() -> Any:
    """The class of a claim's file, made when the first one is met: pytest is no dependency of the package."""
    import pytest

    from dualtrack.core.errors import BadInput

    class Changed(Exception):
        """A verdict that is not the one recorded."""

    class ClaimItem(pytest.Item):
        """One claim as a test."""

        def runtest(self) -> None:
            from dualtrack.claims.checking import check
            from dualtrack.claims.claim import read_claim

            claim = read_claim(self.path)
            [found] = check(_asker(self.config.getoption("--dualtrack-record")), [claim])
            if found.asked is None:
                pytest.skip(f"not computed: {claim.not_computed}")
            self.add_report_section("call", "verdict", f"{found.asked.verdict.value}: {found.asked.value}")
            if found.changed:
                raise Changed("; ".join(found.changed))

        def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
            if isinstance(excinfo.value, (Changed, BadInput)):
                return f"{self.path.name}: {excinfo.value}"
            return super().repr_failure(excinfo, style)

        def reportinfo(self) -> tuple[Path, int, str]:
            return self.path, 0, f"claim {self.name}"

    class ClaimFile(pytest.File):
        """A claim's file, which holds one test."""

        def collect(self) -> Any:
            yield ClaimItem.from_parent(self, name=self.path.stem)

    return ClaimFile


@lru_cache(maxsize=4)
def _asker(folder: str | None) -> Any:
    """One record for all claims of a run, so that each question is asked once."""
    from dualtrack.claims.asking import Asker
    from dualtrack.record.store import Record, open_record

    return Asker(open_record(folder=folder, cls=Record))
