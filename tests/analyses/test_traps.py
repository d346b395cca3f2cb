"""The traps of wording: each is met by the record, none names a state or tells what came later."""

from dualtrack.analyses.traps import Trap, trapped, traps, warn
from dualtrack.analyses.workings import Workings
from dualtrack.api import open_record
from dualtrack.core.expression import Literal, Node, Operation, parse
from dualtrack.record.rows import Row

RECORD = open_record("2026-11-25")
ROWS = RECORD.rows("polls")


def literals(node: Node) -> set[str]:
    if isinstance(node, Operation):
        return set().union(*map(literals, node.operands))
    return {str(node.value)} if isinstance(node, Literal) else set()


def of(question: str, country: str = "") -> list[Row]:
    return [row for row in ROWS if row["question"] == question and country in ("", row["country"])]


def ids(found: list[Trap]) -> set[str]:
    return {trap.id for trap in found}


def test_there_are_some_each_met_by_the_record_and_not_by_all_of_it() -> None:
    assert len(traps()) == len(ids(list(traps()))) >= 15
    questions = {row.text("question") for row in ROWS}
    met = {question: ids(trapped(of(question))) for question in questions}
    for trap in traps():
        hit = [question for question in questions if trap.id in met[question]]
        assert 0 < len(hit) < len(questions), trap.id


def test_conditions_name_no_state_and_only_what_is_in_the_table() -> None:
    codes = {row.id for row in RECORD.rows("states")} | {"XNT", "XCE", "XTT", "XEC"}
    table = {str(value) for row in ROWS for value in row.values() if value is not None}
    derived = {"year", "not", "several countries", "part of a population", "1.0", "2024.0"}
    for trap in traps():
        named = literals(parse(trap.applies))
        assert not named & codes, trap.id
        # items without a figure in favour yet are in the table of items
        items = {row.id for row in RECORD.rows("poll_questions")}
        assert named <= table | derived | items, trap.id


def test_what_shows_a_trap_is_on_record_with_a_source() -> None:
    for trap in traps():
        for id_ in trap.seen:
            row = RECORD.row("polls", id_)
            assert row.sources
            assert row["support_pct"] is not None
        assert not any(letter.isdigit() for letter in trap.warning), "figures come from the record"


def test_the_german_trio_meets_the_form_of_the_item() -> None:
    trio = [RECORD.row("polls", id_) for id_ in ("po0127", "po0129", "po0138")]
    assert "form-of-item" in ids(trapped(trio))
    work = Workings(RECORD, "polls", {})
    warn(work, trio)
    [said] = [caveat for caveat in work.caveats if caveat.startswith("The form of the item")]
    assert all(f"{share}" in said for share in (9, 29, 38))


def test_a_warning_tells_nothing_that_was_not_known_on_the_day() -> None:
    """In 2015 the trap is told without the polls of 2016 and 2022 that show it."""
    record = RECORD.at(RECORD.as_of.replace(year=2015))
    work = Workings(record, "polls", {})
    warn(work, [row for row in record.rows("polls") if row["question"] == "bases_east"])
    assert any(caveat.startswith("The form of the item") for caveat in work.caveats)
    assert not any("Seen in" in caveat for caveat in work.caveats)


def test_each_trap_is_told_where_it_belongs() -> None:
    assert "percent-of-nato" in ids(trapped(of("defend_ally")))
    assert "percent-of-nato" not in ids(trapped(of("defend_ally", "DEU")))
    assert "subgroup" in ids(trapped([row for row in ROWS if row["subgroup"]]))
    assert "two-gallups" in ids(trapped(of("would_fight")))
    assert "fear-of-answering" in ids(trapped(of("fear_nato")))
    assert "leadership-cue" in ids(trapped(of("join_nato", "FIN")))
    assert "field-or-publication" in ids(trapped([row for row in ROWS if row.text("ref_date") == "2017"]))
    assert trapped([]) == []
    [plain] = [row for row in ROWS if row.id == "po0033"]
    assert ids(trapped([plain])) == {"would-or-should"}
