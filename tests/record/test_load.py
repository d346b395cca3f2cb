"""A folder is read whole or not at all: every kind of broken file, with its place and what to do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import WriteFiles
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, BadRecord
from dualtrack.record.load import load
from dualtrack.record.schema import schemas
from dualtrack.record.store import packaged
from dualtrack.record.table import row_id

EXERCISES = "id,name,lead_states,side,start,end,place,in_zone,domain,structure,troops_low,troops_high,kind,notified,observers_invited,sources"  # noqa: E501
EXERCISE = "mine-1,Mine,EST,nato,2016-05-02,2016-05-20,Tapa,yes,land,single,1000,2000,scheduled,yes,yes,seed"
GOOD = f"{EXERCISES}\n{EXERCISE}\n"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record small enough to be read a hundred times, to lay folders over."""
    folder = tmp_path_factory.mktemp("ground")
    (folder / "states.csv").write_text("state,name\nEST,Estonia\nRUS,Russia\n", "utf-8")
    (folder / "sources.csv").write_text("id,title\nseed,An article\n", "utf-8")
    return folder


def faults(ground: Path, folder: Path) -> list[tuple[str, int, str, str]]:
    """File, line, column and problem of every fault of a folder laid over another."""
    with pytest.raises(BadRecord) as caught:
        load([ground, folder])
    assert all(fault.fix for fault in caught.value.faults)
    return [(Path(f.file).name, f.line, f.column, f.problem) for f in caught.value.faults]


def test_the_packaged_record_loads() -> None:
    tables = load([packaged()])
    assert len(tables["sources"].rows) > 1000
    assert [name for name, table in tables.items() if not table.rows] == ["conflict_events"]  # a user's own copy only


def test_a_good_file_is_laid_over(overlay: WriteFiles) -> None:
    folder = overlay({"exercises.csv": GOOD})
    ours, both = load([packaged()])["exercises"].rows, load([packaged(), folder])["exercises"].rows
    assert list(both) == [*ours, "mine-1"]
    assert both["mine-1"]["troops_high"] == 2000
    assert both["mine-1"]["tanks"] is None


def test_a_row_of_the_same_id_replaces_ours_whole_and_in_its_place(overlay: WriteFiles) -> None:
    ours = load([packaged()])["exercises"].rows
    id_ = list(ours)[3]
    both = load([packaged(), overlay({"exercises.csv": GOOD.replace("mine-1", id_)})])["exercises"].rows
    assert list(both) == list(ours)
    assert both[id_]["name"] == "Mine"
    assert both[id_]["note"] is None
    assert {key: cells for key, cells in both.items() if key != id_} == {k: v for k, v in ours.items() if k != id_}


def test_the_key_decides_where_a_table_has_no_id(overlay: WriteFiles) -> None:
    header = "state,year,share_of_gdp_pct,edition,source,series,definition"
    rows = "EST,2015,9.99,2025-08-28,seed,nato,defence\nEST,2015,8.88,2025-08-29,seed,nato,defence\n"
    ours = load([packaged()])["spending"].rows
    both = load([packaged(), overlay({"spending.csv": f"{header}\n{rows}"})])["spending"].rows
    assert both["EST.2015.nato.2025-08-28"]["share_of_gdp_pct"] == 9.99
    assert set(both) - set(ours) == {"EST.2015.nato.2025-08-29"}


def test_the_last_folder_wins(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "exercises.csv").write_text(GOOD.replace("Mine", f"Mine {name}"), "utf-8")
    assert load([packaged(), tmp_path / "a", tmp_path / "b"])["exercises"].rows["mine-1"]["name"] == "Mine b"


def test_order_of_columns_empty_lines_and_a_byte_order_mark_do_not_matter(overlay: WriteFiles) -> None:
    pairs = list(zip(EXERCISES.split(","), EXERCISE.split(","), strict=True))[::-1]
    text = "\r\n".join([",".join(name for name, _ in pairs), "", ",".join(cell for _, cell in pairs), ""])
    folder = overlay({"exercises.csv": b"\xef\xbb\xbf" + text.encode("utf-8")})
    assert load([packaged(), folder])["exercises"].rows["mine-1"]["end"] == "2016-05-20"


def test_new_state_codes_come_with_their_own_row(overlay: WriteFiles, ground: Path) -> None:
    files: dict[str, str | bytes] = {"exercises.csv": GOOD.replace("EST", "XXA")}
    assert faults(ground, overlay(files)) == [
        ("exercises.csv", 2, "lead_states", "'XXA' is not a state of the record.")
    ]
    load([packaged(), overlay({**files, "states.csv": "state,name\nXXA,Somewhere\n"})])


def changed(**cells: str) -> str:
    row = dict(zip(EXERCISES.split(","), EXERCISE.split(","), strict=True)) | cells
    return f"{EXERCISES}\n{','.join(row.values())}\n"


BROKEN: list[tuple[str, str | bytes, tuple[int, str, str]]] = [
    ("not UTF-8", GOOD.replace("Mine", "M\u00e4rz").encode("latin-1"),
     (2, "", f"The file is not UTF-8 text; it looks like Windows-1252 (byte {len(EXERCISES) + 9} would be '\u00e4').")),
    ("ragged row", GOOD + "mine-2,Two\n", (3, "", "The row has 2 cells, the header 16.")),
    ("a cell too many", GOOD.replace("Tapa", "Tapa, Estonia"), (2, "", "The row has 17 cells, the header 16.")),
    ("unknown column", GOOD.replace("name,", "nmae,").replace("id,nmae", "id,name,nmae").replace("mine-1", "mine-1,x"),
     (1, "nmae", "There is no such column.")),
    ("missing required column", GOOD.replace(",kind,", ",tanks,").replace(",scheduled,", ",5,"),
     (1, "kind", "The required column is missing.")),
    ("doubled column", GOOD.replace(",end,", ",start,"), (1, "start", "The column stands twice.")),
    ("unknown state code", changed(lead_states="EST;ESX"), (2, "lead_states", "'ESX' is not a state of the record.")),
    ("impossible date", changed(start="2015-02-30"), (2, "start", "'2015-02-30' is not a date that exists.")),
    ("duplicate id", GOOD + EXERCISE + "\n", (3, "id", "The id mine-1 stands already in line 2.")),
    ("dangling source", changed(sources="seed;nowhere"), (2, "sources", "'nowhere' is not a row of sources.")),
    ("low above high", changed(troops_low="3000"), (2, "troops_low", "troops_low 3000 is above troops_high 2000.")),
    ("end before start", changed(end="2016-04-30"), (2, "end", "end 2016-04-30 is before start 2016-05-02.")),
    ("end before start, coarse", changed(start="2016-05", end="2016-04"), 
     (2, "end", "end 2016-04 is before start 2016-05.")),
    ("unbalanced quote", GOOD + EXERCISE.replace("Mine", '"Mine').replace("mine-1", "mine-2") + "\n",
     (3, "", "The CSV cannot be read: a quote is opened here and never closed.")),
    ("text after a quote", GOOD.replace("Mine", '"Mi"ne'),
     (2, "", "The CSV cannot be read: something stands after a closing quote.")),
    ("empty file", "", (1, "", "The file is empty.")),
    ("only empty lines", "\n\n", (1, "", "The file is empty.")),
    ("not a number", changed(troops_low="about 5"), (2, "troops_low", "'about 5' is not a whole number.")),
    ("required cell empty", changed(name=""), (2, "name", "The cell is empty, and this column is required.")),
    ("not a code", changed(kind="drill"), (2, "kind", "'drill' is not one of this column's codes.")),
    ("a cell beyond any size", GOOD.replace("Mine", "M" * 200_000),
     (2, "", "The CSV cannot be read: a cell is longer than 131,072 characters, or a quote is not closed.")),
    ("after a cell of several lines", changed(place='"a\nb\nc"', start="soon"),
     (2, "start", "'soon' is not a date that exists.")),
]  # fmt: skip


@pytest.mark.parametrize(("content", "fault"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_file_is_refused_at_its_place(
    content: str | bytes, fault: tuple[int, str, str], overlay: WriteFiles, ground: Path
) -> None:
    assert faults(ground, overlay({"exercises.csv": content})) == [("exercises.csv", *fault)]


def test_nothing_of_a_broken_folder_is_loaded(overlay: WriteFiles) -> None:
    folder = overlay({"exercises.csv": changed(start="soon"), "states.csv": "state,name\nXXA,Somewhere\n"})
    with pytest.raises(BadRecord) as caught:
        open_record("2016-05-09", folder=folder)
    message = str(caught.value)
    assert message.startswith(f"1 fault in the record at {folder}; nothing was loaded.")
    assert f"{folder / 'exercises.csv'}:2 [start]: 'soon' is not a date that exists." in message
    assert "XXA" not in {row.id for row in open_record("2016-05-09").rows("states")}
    (folder / "exercises.csv").write_text(GOOD, "utf-8")
    assert "XXA" in {row.id for row in open_record("2016-05-09", folder=folder).rows("states")}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (
            b"state,name\nXXA,\xc5land\n",
            (2, "", "The file is not UTF-8 text; it looks like Windows-1252 (byte 15 would be '\u00c5')."),
        ),
        (
            f"state,name\nXXA,{'x' * 200_000}\n",
            (2, "", "The CSV cannot be read: a cell is longer than 131,072 characters, or a quote is not closed."),
        ),
        ('state,name\nXXA,"Some\n', (2, "", "The CSV cannot be read: a quote is opened here and never closed.")),
        ("state,name\nXXA\n", (2, "", "The row has 1 cells, the header 2.")),
        ("code,name\nXXA,x\n", (1, "code", "There is no such column.")),
        ("", (1, "", "The file is empty.")),
    ],
)
def test_the_states_themselves_can_be_broken(
    content: str | bytes, fault: tuple[int, str, str], overlay: WriteFiles, ground: Path
) -> None:
    assert ("states.csv", *fault) in faults(ground, overlay({"states.csv": content}))


def test_all_faults_are_listed_at_once_in_order(overlay: WriteFiles, ground: Path) -> None:
    found = faults(
        ground,
        overlay(
            {
                "exercises.csv": changed(start="soon", kind="drill") + "x\n" + EXERCISE.replace("EST", "ESX") + "\n",
                "sources.csv": "id,url\nmine,ftp://example.org\n",
                "spending.csv": "state,year\nEST,2015\n",
                "states.csv": "",
                "strengths.csv": "force_key,as_of,unit,scope,source\nA-x,2016,troops,present,mine;nowhere\n",
            }
        ),
    )
    assert found == [
        ("exercises.csv", 2, "kind", "'drill' is not one of this column's codes."),
        ("exercises.csv", 2, "start", "'soon' is not a date that exists."),
        ("exercises.csv", 3, "", "The row has 1 cells, the header 16."),
        ("exercises.csv", 4, "id", "The id mine-1 stands already in line 2."),
        ("exercises.csv", 4, "lead_states", "'ESX' is not a state of the record."),
        ("sources.csv", 2, "url", "'ftp://example.org' is not a web address."),
        ("spending.csv", 1, "definition", "The required column is missing."),
        ("spending.csv", 1, "edition", "The required column is missing."),
        ("spending.csv", 1, "series", "The required column is missing."),
        ("spending.csv", 1, "source", "The required column is missing."),
        ("states.csv", 1, "", "The file is empty."),
        ("strengths.csv", 2, "source", "'nowhere' is not a row of sources."),
    ]


def test_one_bad_source_is_one_fault_however_often_it_is_cited(overlay: WriteFiles, ground: Path) -> None:
    cited = "force_key,as_of,unit,scope,source\nA-x,2016,troops,present,mine\nA-y,2016,troops,present,mine\n"
    bad = {"sources.csv": "id,url\nmine,ftp://example.org\n", "strengths.csv": cited}
    assert faults(ground, overlay(dict(bad))) == [
        ("sources.csv", 2, "url", "'ftp://example.org' is not a web address.")
    ]
    assert faults(ground, overlay({**bad, "sources.csv": "id,link\nmine,x\n"})) == [
        ("sources.csv", 1, "link", "There is no such column.")
    ]


@pytest.mark.parametrize("name", ["exercise.csv", "Exercises.csv", "exercises.CSV", "jottings.csv"])
def test_a_file_that_is_no_table_is_refused_not_passed_over(name: str, overlay: WriteFiles) -> None:
    with pytest.raises(BadInput, match="is not a table of the record") as caught:
        load([packaged(), overlay({name: GOOD})])
    assert "exercises" in str(caught.value)


def test_a_folder_that_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no record folder"):
        load([packaged(), tmp_path / "nowhere"])
    with pytest.raises(BadInput, match="holds no table"):
        load([packaged(), tmp_path])


def test_a_header_alone_is_an_empty_table(overlay: WriteFiles) -> None:
    folder = overlay({"exercises.csv": EXERCISES + "\n"})
    assert load([packaged(), folder])["exercises"].rows == load([packaged()])["exercises"].rows


@given(st.text(max_size=120) | st.binary(max_size=120))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: str | bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    for name in ("states.csv", "questions.csv"):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
    try:
        load([folder])
    except BadRecord as error:
        assert error.faults


def test_ids_join_the_key() -> None:
    spec = schemas()["scrambles"]
    cells = {"region": "NATO Europe", "year": "2015/2016", "measure": "scrambles", "period": None}
    assert row_id(spec, cells) == "NATO-Europe.2015-2016.scrambles"
    cells = {"edition": "2016-01-28", "year": 2015, "metric": "share", "threshold": 2.0}
    assert row_id(schemas()["spending_lists"], cells) == "2016-01-28.2015.share.2"


def test_ids_of_the_packaged_rows_are_what_their_cells_say() -> None:
    for table in load([packaged()]).values():
        assert list(table.rows) == [row_id(table.spec, cells) for cells in table.rows.values()]
        assert not any(" " in key or "/" in key for key in table.rows)
