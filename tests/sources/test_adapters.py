"""What every adapter has in common, found by walking the folder."""

from pathlib import Path

import pytest
from asking import ask

import dualtrack.sources
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.record.schema import schemas
from dualtrack.sources.contract import Dated, adapter, adapters, not_before, source_row

ADAPTERS = list(adapters().values())
PAGE = Path(__file__).parents[2] / "docs" / "importing.md"


def test_every_module_with_an_origin_is_found_by_name() -> None:
    folder = Path(dualtrack.sources.__path__[0])
    modules = sorted(path.stem for path in folder.glob("*.py") if "\nORIGIN = " in path.read_text("utf-8"))
    assert list(adapters()) == modules and {"nato_defexp", "sipri_milex"} <= set(modules)


def test_adding_an_adapter_is_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = '"""Invented: a file.\n\nMore."""\nfrom dualtrack.sources.sipri_milex import ORIGIN, TABLE, read\n'
    (tmp_path / "invented_milex.py").write_text(module, "utf-8")
    monkeypatch.setattr(dualtrack.sources, "__path__", [*dualtrack.sources.__path__, str(tmp_path)])
    adapters.cache_clear()
    try:
        assert adapter("invented").summary == "Invented: a file"
    finally:
        adapters.cache_clear()


@pytest.mark.parametrize("found", ADAPTERS, ids=lambda a: a.name)
def test_it_says_where_its_data_come_from_and_on_which_terms(found: object) -> None:
    a = adapter(found.name)  # type: ignore[attr-defined]
    origin = a.origin
    assert origin.producer and origin.title and origin.citation_full
    assert origin.url.startswith("https://") and origin.terms.endswith(".") and origin.citation_full.endswith(".")
    assert origin.redistribute in schemas()["sources"].field("redistribute").values
    assert origin.kind in schemas()["sources"].field("kind").values
    assert a.table in schemas() and a.summary and a.about
    assert f"dualtrack know import {a.name} " in PAGE.read_text("utf-8")


def test_sipris_figures_are_not_passed_on_whoever_publishes_them() -> None:
    assert adapters()["sipri_milex"].origin.redistribute == adapters()["world_bank"].origin.redistribute == "no"


@pytest.mark.parametrize("name", ["sipri", "SIPRI", "sipri-milex", "sipri_milex", " sipri_milex "])
def test_a_name_can_be_short(name: str) -> None:
    assert adapter(name).name == "sipri_milex"


@pytest.mark.parametrize("name", ["", "s", "milex", "siprix"])
def test_another_name_is_told_with_the_nearest(name: str) -> None:
    with pytest.raises(NoSuchName):
        adapter(name)


@pytest.mark.parametrize("found", ADAPTERS, ids=lambda a: a.name)
def test_the_source_row_fits_its_table_and_carries_terms_and_citation(found: object) -> None:
    origin = found.origin  # type: ignore[attr-defined]
    row = source_row("an-id", origin, Dated("2024-06", "given"), ask().accessed)
    assert set(row) <= {field.name for field in schemas()["sources"].fields}
    assert origin.terms in row["terms"] and origin.citation_full in row["terms"]
    assert (row["published"], row["accessed"]) == ("2024-06", ask().accessed)
    assert row["title"].endswith("edition of June 2024")
    assert source_row("an-id", origin, Dated("2024-06-01", "inferred"), "2024-06-01")["published"] == ""


@pytest.mark.parametrize(
    ("day", "latest"), [("2024", "2024-12-31"), ("2024-06-17", "2024"), ("2024-06-17", "2024-06-17")]
)
def test_what_was_published_can_tell_of_the_same_day_month_or_year(day: str, latest: str) -> None:
    not_before(Path("file"), Dated(day, "given"), latest)


@pytest.mark.parametrize("basis", ["given", "seen", "inferred"])
def test_but_not_of_later_ones(basis: str) -> None:
    with pytest.raises(BadInput, match="cannot if it was published on 2023-06-17"):
        not_before(Path("file"), Dated("2023-06-17", basis), "2024")  # type: ignore[arg-type]
