"""Readings are the same for every speaker: a file that claims more than a selection of rows is refused."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from conftest import WriteFiles
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, BadRecord, NoSuchName
from dualtrack.record.load import load
from dualtrack.record.readings import Reading, load_readings
from dualtrack.record.store import packaged

RECORD = open_record("2026-11-24")
READINGS = [reading for slot in RECORD.slots for reading in RECORD.readings(slot)]

HEAD = "label: Mine\nclass: stress\nwhy: Because.\n"
PARTS = "[{table: strengths, where: {force_key: A-efp-all}}]"
RATIO = f"numerator: {{label: ours, parts: {PARTS}}}\ndenominator: {{label: theirs, parts: {PARTS}}}\n"
GOOD = HEAD + RATIO


TABLES = load([packaged()])
GROUPS = {str(cells["group"]) for cells in TABLES["groups"].rows.values()}


def read(overlay: WriteFiles, text: str, name: str = "readings/balance/mine.yml") -> Reading:
    readings = load_readings([packaged(), overlay({name: text})], TABLES, GROUPS)
    _, slot, file = name.split("/")
    [reading] = [r for r in readings[slot] if r.id == file.removesuffix(".yml")]
    return reading


def test_a_good_reading_is_one_more_file(overlay: WriteFiles) -> None:
    reading = read(overlay, GOOD)
    assert (reading.id, reading.slot, reading.class_) == ("mine", "balance", "stress")
    assert reading.numerator and reading.numerator.parts[0].times == 1


def test_a_share_of_a_row_is_exact(overlay: WriteFiles) -> None:
    reading = read(overlay, HEAD + RATIO.replace("A-efp-all}}", "A-efp-all}, times: 1/3}", 1))
    assert reading.numerator and reading.numerator.parts[0].times == Fraction(1, 3)


def test_a_slot_of_ones_own(overlay: WriteFiles) -> None:
    assert read(overlay, HEAD + "group: nato\n", "readings/allies/all.yml").group == "nato"


def test_a_file_of_the_same_name_replaces_ours(overlay: WriteFiles) -> None:
    ours = RECORD.readings("eastern_flank")
    folder = overlay({"readings/eastern_flank/b9.yml": HEAD + "group: nato\n"})
    both = open_record("2016", folder=folder).readings("eastern_flank")
    assert {r.id for r in both} == {r.id for r in ours}
    assert [r.label for r in both if r not in ours] == ["Mine"]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


REFUSED = [
    ("public without sources", changed("class: stress", "class: public"), "class public needs the sources that use it"),
    ("speaker without sources", changed("class: stress", "class: speaker"), "class speaker needs the sources"),
    ("sources empty", changed("class: stress", "class: public\nsources: []"), "needs the sources that use it"),
    ("unknown source", GOOD + "sources: [seed, nowhere]\n", "'nowhere' is not a source."),
    ("unknown class", changed("class: stress", "class: official"), "class_"),
    ("no class", changed("class: stress\n", ""), "class_: Field required"),
    ("no reason", changed("why: Because.\n", ""), "why: Field required"),
    ("unknown table", changed("table: strengths", "table: strength"), "'strength' is not a table."),
    ("unknown column", changed("{force_key: A-efp-all}", "{force: A-efp-all}"), "strengths has no column force."),
    ("unknown figure", changed("A-efp-all}}", "A-efp-all}, low: troops_min}"), "strengths has no column troops_min."),
    ("text for a figure", changed("A-efp-all}}", "A-efp-all}, low: note}"), "note of strengths holds no numbers."),
    ("unknown group", HEAD + "group: flank.b10\n", "'flank.b10' is not a group."),
    ("a group and a ratio", GOOD + "group: nato\n", "either a group or a numerator and a denominator"),
    ("only half a ratio", HEAD + RATIO.splitlines()[0], "either a group or a numerator and a denominator"),
    ("nothing selected", HEAD, "either a group or a numerator and a denominator"),
    ("a ratio of its own", GOOD + "ratio: 7.5\n", "ratio: Extra inputs are not permitted"),
    ("bounds of its own", GOOD + "low: 5\nhigh: 10\n", "low: Extra inputs are not permitted"),
    ("a figure in a side", changed("label: ours", "label: ours, troops: 30000"), "numerator.troops: Extra inputs"),
    (
        "a figure in a part",
        changed("A-efp-all}}", "A-efp-all}, value: 30000}"),
        "numerator.parts.0.value: Extra inputs",
    ),
    ("a speaker of its own", GOOD + "speaker: Somebody\n", "speaker: Extra inputs are not permitted"),
    ("no parts", changed(PARTS, "[]"), "numerator.parts"),
    ("another id", GOOD + "id: other\n", "id: the name of the file says it"),
    ("another slot", GOOD + "slot: other\n", "slot: the name of the folder says it"),
    ("times nothing", changed("A-efp-all}}", "A-efp-all}, times: 0}"), "numerator.parts.0.times"),
    ("times less than nothing", changed("A-efp-all}}", "A-efp-all}, times: -1}"), "numerator.parts.0.times"),
    ("a part of nothing", changed("A-efp-all}}", "A-efp-all}, times: 1/0}"), "numerator.parts.0.times"),
    ("since when?", GOOD + "since: soon\n", "'soon' is not a date"),
    ("pick the best", changed("A-efp-all}}", "A-efp-all}, pick: best}"), "numerator.parts.0.pick"),
]


@pytest.mark.parametrize(("text", "problem"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_more_or_less_than_a_selection_is_refused(text: str, problem: str, overlay: WriteFiles) -> None:
    with pytest.raises(BadRecord) as caught:
        read(overlay, text)
    [fault] = caught.value.faults
    assert fault.file.endswith("readings/balance/mine.yml")
    assert problem in fault.problem
    assert fault.fix


def test_broken_yaml_names_its_line(overlay: WriteFiles) -> None:
    with pytest.raises(BadInput, match=r"mine\.yml:3: The key 'label' stands twice"):
        read(overlay, "label: x\nwhy: y\nlabel: z\n")


def test_all_faulty_readings_are_listed(overlay: WriteFiles) -> None:
    with pytest.raises(BadRecord) as caught:
        open_record(
            "2016",
            folder=overlay(
                {"readings/balance/a.yml": HEAD, "readings/balance/b.yml": GOOD + "ratio: 1\nsources: [x]\n"}
            ),
        )
    assert [fault.file[-5:] for fault in caught.value.faults] == ["a.yml", "b.yml"]


@pytest.mark.parametrize("reading", READINGS, ids=lambda r: f"{r.slot}.{r.id}")
def test_the_packaged_readings_say_whose_they_are(reading: Reading) -> None:
    assert reading.label and reading.why
    assert reading.class_ == "stress" or reading.sources
    RECORD.sources(reading.sources)


@pytest.mark.parametrize("reading", [r for r in READINGS if r.numerator], ids=lambda r: f"{r.slot}.{r.id}")
def test_the_packaged_readings_select_rows_there_are(reading: Reading) -> None:
    for side in (reading.numerator, reading.denominator):
        assert side
        for part in side.parts:
            wanted = {name: value if isinstance(value, list) else [value] for name, value in part.where.items()}
            chosen = [r for r in RECORD.rows(part.table) if all(r[name] in values for name, values in wanted.items())]
            assert chosen, f"{reading.id}: {part.where}"


def test_those_that_count_come_first() -> None:
    order = {"speaker": 0, "public": 1, "stress": 2}
    for slot in RECORD.slots:
        keys = [(order[r.class_], r.id) for r in RECORD.readings(slot)]
        assert keys == sorted(keys)
    with pytest.raises(NoSuchName, match="no slot of readings called 'balances'") as caught:
        RECORD.readings("balances")
    assert "balance" in caught.value.fix


def test_a_reading_exists_from_the_first_day_it_was_used() -> None:
    [b9] = [r for r in RECORD.readings("eastern_flank") if r.id == "b9"]
    first = date(2015, 11, 1)
    assert b9.exists_on(first) and not b9.exists_on(first - timedelta(1))
    [always] = [r for r in RECORD.readings("eastern_flank") if r.id == "baltic_poland"]
    assert always.exists_on(date(1900, 1, 1))
