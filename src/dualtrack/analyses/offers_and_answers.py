"""Who offered what, who accepted, refused or did not reply, and for how many offers the answer is on record.

Offers are proposals to change rules and rows of dialogue whose outcome is a proposal or an invitation, from every side.
An offer that repeats another is shown but counted once. No answer on record is not a refusal; a reply that someone
says never came is counted apart, with who says so in the row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from dualtrack.analyses.names import actor_cell, actors, label, label_cells, named, resolved, state_code
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"by": "RUS"},
    {"by": "NATO", "since": "2014"},
    {"to": "USA"},
    {"to": "RUS"},
)

_ANSWERS = ("accepted", "partly", "refused", "no consensus", "no reply on record", "overtaken", "disputed")
_DIFFERS = "differs by who answers"
_NONE = "nothing on record"
_ALLIES = "NATO or members"


@dataclass(frozen=True)
class _Offer:
    """An offer, the answers to it that are on record, and the earlier offer it repeats."""

    row: Row
    reference: str
    side: str
    answers: tuple[Row, ...]
    repeats: str

    @property
    def latest(self) -> tuple[Row, ...]:
        """Of each side that answered, its last answer."""
        last: dict[str, Row] = {}
        for answer in self.answers:
            last[answer.text("answered_by")] = answer
        return tuple(last.values())

    @property
    def answer(self) -> str:
        """What the offer was answered, in one word of the answers."""
        said = {answer.text("answer") for answer in self.latest}
        return _NONE if not said else _DIFFERS if len(said) > 1 else said.pop()


def run(
    record: Record,
    by: Annotated[str | None, "who offers: a state's code, or NATO with its members"] = None,
    to: Annotated[str | None, "only offers that this state, or NATO, has answered"] = None,
    since: Annotated[str | None, "offered from this date on"] = None,
    until: Annotated[str | None, "offered up to this date"] = None,
) -> Finding:
    """The offers on record as known, with each side's answer, counted by who offered and by who answered."""
    code = state_code(record, by, ["NATO", "OSCE"]) if by else None
    asked = state_code(record, to, ["NATO", "OSCE"]) if to else None
    work = Workings(record, "offers_and_answers", {"by": code, "to": asked, "since": since, "until": until})
    window = Window.of(since, until)
    offers = [offer for offer in _offers(work) if window.holds(offer.row.text("date")) is not Ternary.NO]
    offers = [offer for offer in offers if _made_by(offer, code)]
    offers = [o for o in offers if not asked or any(asked in answer.parts("answered_by") for answer in o.answers)]
    if not offers:
        raise BadInput(
            f"No offer like this is on record {window.words(record.as_of)} as known on {record.as_of}.",
            "That is not zero: offers in the pages read were collected. Ask for more, or a later --as-of.",
        )
    for offer in offers:
        work.use(offer.row, "date", *label_cells(offer.row), *actor_cell(offer.row))
        for answer in offer.answers:
            work.use(answer, *(n for n in ("answer", "answered_by", "date", "shown_by") if answer[n] is not None))
    counted = [offer for offer in offers if not offer.repeats]
    _warn(work, offers, counted)
    return work.finding(
        question=_question(record, code, asked, window),
        headline=_headline(counted),
        answer=Answer(
            kind="table",
            value=[_line(record, offer) for offer in offers],
            unit="offers",
            unknown=sorted(offer.reference for offer in counted if offer.answer == _NONE),
            why_unknown="answers holds no row for them" if any(o.answer == _NONE for o in counted) else None,
            coverage=_coverage(counted),
            summary=_summary(record, counted),
        ),
        method=(
            "Rows of proposals, and rows of dialogue with outcome proposal, as known on the day; answers by the rows "
            "of answers that name them. A side's last answer counts. An offer answered differently by several is "
            "counted apart. Offers that repeat an earlier one, or are a part of it, are shown but not counted. Sides: "
            "NATO or members together, every other state by itself; experts who speak for no state apart."
        ),
    )


def _offers(work: Workings) -> list[_Offer]:
    rows = work.select("answers")
    found = []
    for row in [*work.select("proposals"), *work.select("dialogue", "outcome = 'proposal'")]:
        reference = f"{row.spec.table}/{row.id}"
        own = [answer for answer in rows if answer["offer"] == reference]
        repeated = [answer.text("repeats") for answer in own if answer["repeats"] is not None]
        given = sorted((a for a in own if a["answer"] is not None), key=lambda a: (a.last("date") or date.min, a.id))
        first = next((name for name in repeated if resolved(work.record, name) is not None), "")
        if first:
            work.use(next(answer for answer in own if answer["repeats"] == first), "repeats")
        found.append(_Offer(row, reference, _side(work.record, row), tuple(given), first))
    return sorted(found, key=lambda offer: (offer.row.first("date") or date.max, offer.reference))


def _side(record: Record, row: Row) -> str:
    """The group an offer is counted in, by membership on the day it was made."""
    members = _members(record, row)
    sides = sorted({_ALLIES if code in members else code for code in actors(row)})
    if _ALLIES in sides and sides[1:]:
        return f"{_ALLIES} with others"
    return " and ".join(sides) or "unnamed"


def _members(record: Record, row: Row) -> set[str]:
    return {"NATO", *record.members("nato", row.last("date") or record.as_of)}


def _made_by(offer: _Offer, code: str | None) -> bool:
    return code is None or code in actors(offer.row) or (code == "NATO" and _ALLIES in offer.side)


def _line(record: Record, offer: _Offer) -> dict[str, Any]:
    who = [
        f"{listed([named(record, code) for code in answer.parts('answered_by')]) or 'not named'}: {answer['answer']}"
        + (f" ({answer['date']})" if answer["date"] else "")
        for answer in offer.answers
    ]
    return {
        "offered": offer.row["date"],
        "by": actors(offer.row) or None,
        "answer": "see the offer it repeats" if offer.repeats else offer.answer,
        "answered_by": sorted({code for answer in offer.answers for code in answer.parts("answered_by")}) or None,
        "answers": who or None,
        "side": offer.side,
        "repeats": offer.repeats or None,
        "notes": [answer.text("note") for answer in offer.answers if answer["note"] is not None] or None,
        "status": offer.row["status"] if offer.row.spec.has("status") else offer.row["note"],
        "row": offer.reference,
        "offer": _subject(offer.row),
    }


def _subject(row: Row) -> str:
    if row.spec.table == "proposals":
        return label(row)
    topics = ", ".join(row.parts("topics"))
    where = "" if row["forum"] == "proposal exchange" else f"{row['forum']}: "
    return f"{where}{topics}" if topics else row.text("forum")


def _coverage(offers: Sequence[_Offer]) -> Coverage:
    return Coverage(
        known=sum(offer.answer != _NONE for offer in offers), total=len(offers), of="offers with any answer on record"
    )


def _summary(record: Record, offers: Sequence[_Offer]) -> dict[str, list[dict[str, Any]]]:
    sides = sorted({offer.side for offer in offers}, key=lambda side: (side in ("experts", "unnamed"), side))
    groups = {side: [offer for offer in offers if offer.side == side] for side in sides}
    lines = [_count("offered_by", side, found) for side, found in groups.items()]
    lines.sort(key=lambda line: (line["offered_by"] in ("experts", "unnamed"), -int(line["offers"])))
    answers = [(_answerers(record, answer), answer.text("answer")) for offer in offers for answer in offer.latest]
    who = sorted({name for names_, _ in answers for name in names_}, key=lambda name: (name == "not named", name))
    by_who = [
        {"answered_by": name, "answers": len(said)} | {word: said.count(word) for word in _ANSWERS}
        for name in who
        if (said := [word for names_, word in answers if name in names_])
    ]
    silent = [
        {"offered": offer.row["date"], "by": actors(offer.row) or None, "answer": offer.answer,
         "row": offer.reference, "offer": _subject(offer.row)}
        for offer in offers if offer.answer in ("no reply on record", _NONE)
    ]  # fmt: skip
    return {
        "By who offered": lines,
        **({"By who answered": by_who} if by_who else {}),
        **({"Without an answer": silent} if silent else {}),
    }


def _answerers(record: Record, answer: Row) -> set[str]:
    """The groups an answer is counted in; a joint answer counts once in each."""
    members = _members(record, answer) - {"NATO"}
    return {"single members of NATO" if code in members else code for code in answer.parts("answered_by")} or {
        "not named"
    }


def _count(name: str, value: str, offers: Sequence[_Offer]) -> dict[str, Any]:
    words = Counter(offer.answer for offer in offers)
    known = _coverage(offers)
    return {
        name: value,
        "offers": len(offers),
        **{word: words[word] for word in (*_ANSWERS, _DIFFERS)},
        "known": f"{known.known} of {known.total}",
    }


def _warn(work: Workings, offers: Sequence[_Offer], counted: Sequence[_Offer]) -> None:
    work.caveat(
        "No answer on record is not a refusal, and a reply somebody says never came is that side's account. Offers "
        "were collected where pages read mention them, so the numbers by side are not how much each side offered."
    )
    if len(offers) > len(counted):
        work.caveat(f"{plural(len(offers) - len(counted), 'row')} repeat an offer shown and are not counted again.")
    if any(offer.side in ("unnamed", "experts") for offer in counted):
        work.caveat("Offers of participating states that are not named, and of experts, are counted apart.")
    if any(offer.answer == "no consensus" for offer in counted):
        work.caveat("Where an instrument needs consensus, who objected is mostly not on record.")
    if work.record.as_of < work.record.compiled:
        work.caveat("What came of an offer is left out as of an earlier day, except answers dated before it.")


def _question(record: Record, by: str | None, to: str | None, window: Window) -> str:
    of = "" if by is None else " by NATO or its members" if by == "NATO" else f" by {named(record, by)}"
    answered = f" answered by {named(record, to)}" if to else ""
    return f"Which offers{of}{answered} are on record {window.words(record.as_of)}, and how were they answered?"


def _headline(offers: Sequence[_Offer]) -> str:
    if not offers:
        return "Only repetitions of other offers are on record here"
    words = Counter(offer.answer for offer in offers)
    said = [f"{words[word]} {text}" for word, text in _PRINTED.items() if words[word]]
    none = f"for {words[_NONE]} no answer is on record" if words[_NONE] else "an answer is on record for every one"
    if not said:
        return f"For none of {plural(len(offers), 'offer')} is an answer on record"
    first, *rest = said
    verb = "was" if first.startswith("1 ") else "were"
    number, text = first.split(" ", 1)
    return f"Of {plural(len(offers), 'offer')}, {listed([f'{number} {verb} {text}', *rest])}; {none}"


_PRINTED = {
    "accepted": "accepted",
    "partly": "taken up in part",
    "refused": "refused",
    "no consensus": "left without consensus",
    "no reply on record": "left without a reply by the account of the side that offered",
    "overtaken": "overtaken by events",
    "disputed": "answered in a way that is disputed",
    _DIFFERS: "answered differently by different states",
}
