"""Claims: what was said, the verdict when it was said and today; and an article answered sentence by sentence."""

from __future__ import annotations

from collections import Counter

from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import Checked, check
from dualtrack.claims.claim import SIDES, load_claims
from dualtrack.claims.shares import shares
from dualtrack.core.dates import spell
from dualtrack.core.verdict import Verdict
from dualtrack.publish.claims.words import in_names
from dualtrack.publish.theme import Track
from dualtrack.publish.workbench.parts import Field, Form, Link, Listing, Own, Page, Part, Section, Words, given
from dualtrack.publish.workbench.view import View
from dualtrack.record.store import Record

TITLE, ORDER = "Claims", 40
_NOT_COMPUTED = "not computed"


def judged(record: Record) -> list[Checked]:
    """The claims made by the record's day, judged as of when each was made and as of the record's day."""

    def judge() -> list[Checked]:
        day = record.as_of.isoformat()
        return check(Asker(record), [claim for claim in load_claims() if claim.day_said <= day])

    return record.once("judged claims", judge)


def page(view: View) -> Page:
    """The verdict board, and where a server answers, an article to be answered."""
    found = judged(view.record)
    counts = Counter(one.verdict.value if one.verdict else _NOT_COMPUTED for one in found)
    said = ", ".join(f"{counts[word]} {_of_many(word, counts[word])}" for word in _words() if counts[word])
    return Page(
        title=f"{len(found)} claims tested on the record: {said}" if found else "No claim had been made yet",
        lead="The same tables, readings and tolerances for every speaker. A verdict is taken over the readings that "
        "somebody on record uses; where they differ, it depends on the reading, and each is shown.",
        sections=given(_article(view), _board(view, found), _by_side(found)),
    )


def _words() -> list[str]:
    return [*(verdict.value for verdict in Verdict), _NOT_COMPUTED]


def _of_many(word: str, count: int) -> str:
    """A verdict as it is said of so many claims."""
    if word == Verdict.CANNOT_TELL.value:
        return "cannot be told"
    return word if count == 1 else word.replace("depends", "depend")


def _article(view: View) -> Section | None:
    if not view.live:
        return None
    words = Words(
        "Paste an article, or choose a file (text, web page or PDF). It is read on this machine, in a process of its "
        "own that is ended if it takes too long, and is not kept."
    )
    return Section("article", "Have an article answered", [words, Own("workbench/article_form.html.j2", {})])


def _board(view: View, found: list[Checked]) -> Section | None:
    verdicts: dict[str, str] = {"": "Any", **{word: word.capitalize() for word in _words()}}
    topics: dict[str, str] = {
        "": "All",
        **{t: t.replace("_", " ").capitalize() for t in sorted({o.claim.topic for o in found})},
    }
    sides = {"": "Anybody", **SIDES}
    verdict, topic = view.choice("verdict", verdicts), view.choice("topic", topics)
    side = view.choice("speaker", sides)
    parts: list[Part] = []
    if view.live:
        fields = [
            Field("select", "verdict", "Verdict", verdict, verdicts),
            Field("select", "topic", "Topic", topic, topics),
            Field("select", "speaker", "Said by", side, sides),
        ]
        parts.append(Form(fields, "board"))
    chosen = [
        one
        for one in found
        if (not verdict or _verdict(one) == verdict)
        and (not topic or one.claim.topic == topic)
        and (not side or one.claim.speaker.side == side)
    ]
    columns = (
        ("statement", "Claim"), ("who", "Said by"), ("said", "When"), ("then", "When it was said"), ("now", "Today"),
        ("value", "What the record says"), ("topic", "Topic"),
    )  # fmt: skip
    rows = [_line(view, one) for one in sorted(chosen, key=lambda one: (one.claim.topic, one.claim.day_said))]
    parts.append(Listing(f"{len(chosen)} of {len(found)} claims", columns, rows, printed=True))
    return Section("board", "The verdict board", parts, Track.PUBLIC)


def _line(view: View, one: Checked) -> dict[str, object]:
    claim = one.claim
    then = one.said or one.asked
    judgement = one.latest or then
    return {
        "statement": view.row(f"claims_public/{claim.number}", claim.statement)
        if claim.number in _known(view.record)
        else claim.statement,
        "who": claim.speaker.name,
        "said": spell(claim.said) if claim.said else "undated",
        "then": then.verdict.value if then else _NOT_COMPUTED,
        "now": one.latest.verdict.value if one.latest else _verdict(one),
        "value": in_names(judgement.value, view.names) if judgement else claim.not_computed,
        "topic": claim.topic.replace("_", " "),
    }


def _known(record: Record) -> frozenset[str]:
    return record.once("claims on record", lambda: frozenset(row.id for row in record.rows("claims_public")))


def _verdict(one: Checked) -> str:
    return one.verdict.value if one.verdict else _NOT_COMPUTED


def _by_side(found: list[Checked]) -> Section | None:
    columns = (("side", "Said by"), ("claims", "Claims"), *((word, word.capitalize()) for word in _words()))
    rows = [
        {"side": SIDES.get(share.side, share.side), "claims": share.claims,
         **{verdict.value: count for verdict, count in share.verdicts.items()},
         _NOT_COMPUTED: share.claims - share.computed}
        for share in shares(found)
    ]  # fmt: skip
    note = "Claims were chosen, not sampled: the shares say nothing about how often a side is right."
    listing = Listing("Verdicts by who said it", columns, rows, note=note, heading=False)
    more = Words(
        links=[
            Link("How claims are tested: rules as code", "rules"),
            Link("The table of claims", "tables/claims_public"),
        ]
    )
    return Section("by-side", "By who said it", [listing, more])
