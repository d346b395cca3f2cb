"""What an annotated sentence gets for an answer, in words: the same on the page, in Markdown and in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dualtrack.analyses.words import listed, plural
from dualtrack.articles.annotation import Annotated, Annotation
from dualtrack.articles.argument import Argument
from dualtrack.articles.recommendation import Recommendation
from dualtrack.choice.priors import NEUTRAL
from dualtrack.claims.checking import Checked
from dualtrack.claims.claim import Claim
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish.claims.words import firmness, in_names, nearest

_STANCE = {"denies": "The sentence denies this claim.", "reports": "", "asserts": ""}


@dataclass(frozen=True)
class Said:
    """A verdict as of one day: when, the verdict, the value, how firm it is."""

    when: str
    verdict: str
    value: str
    more: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to one sentence: its head, what it is held against, verdicts, and what else a reader needs."""

    head: str
    mark: str
    statement: str
    said: tuple[Said, ...]
    notes: tuple[str, ...]


def answer(one: Annotation, found: Annotated) -> Answer | None:
    """The answer to a sentence; None for background that is not worth a check."""
    first = _first(one, found)
    if first is None or not one.also:
        return first
    also = tuple(
        f"Also: {also.claim.statement} {also.verdict.value.capitalize() if also.verdict else 'Not computed'}"
        + (f": {in_names(also.then.asked.value, found.names)}." if also.then and also.then.asked else ".")
        for also in one.also
    )
    return replace(first, notes=(*first.notes, *also))


def _first(one: Annotation, found: Annotated) -> Answer | None:
    match one.statement:
        case Claim() as claim:
            return _claim(one, claim, found)
        case Recommendation() as asked:
            measures = tuple(
                f"{m.measure.label[:1].upper()}{m.measure.label[1:]}, {_OF.get(m.measure.of, m.measure.of)}: "
                f"{m.then_words} then, {m.now_words} now"
                + (f" ({_MOVED[m.moved]})" if m.then is not None and m.now is not None else "")
                for m in one.measures
            )
            notes = (*measures, *filter(None, [asked.not_measured, asked.note]))
            return Answer("Recommendation", "recommendation", asked.statement, (), notes)
        case Argument() as argued:
            notes = tuple(_modelled(one.modelled)) if one.modelled else ()
            question = f"Question to the model: {argued.asked.title}"
            return Answer(
                "Argument", "argument", argued.statement, (), (question, *notes, *filter(None, [argued.note]))
            )
    if one.class_ == "background" or (one.class_ == "claim" and not one.open):
        return None
    if one.class_ == "claim":
        return Answer(
            "Claim, not covered yet", "open", "", (), ("No claim of ours says this: dualtrack check new drafts one.",)
        )
    return Answer(one.class_.capitalize(), one.class_, "", (), (_UNBOUND[one.class_],))


def _modelled(found: Finding) -> Iterator[str]:
    """In which worlds an argument holds and in which it fails, what decides it, and what it rests on."""
    rows = {row["priors"]: row for row in found.answer.value}
    neutral = rows.pop(NEUTRAL)
    others = listed([f"{row['yes_pct']:g} under {name.replace('_', ' ')}" for name, row in rows.items()])
    yield (
        f"Holds in {neutral['yes_pct']:g} percent of {neutral['worlds']:,} worlds under neutral priors ({others}) and "
        "fails in the others; shares of a box of assumptions, not probabilities."
    )
    lines = found.answer.summary["What decides it"]
    for priors in (NEUTRAL, *rows):
        driven = [
            f"{line['meaning'][:1].lower()}{line['meaning'][1:]} ({line['parameter']}) is {line['yes_where']}"
            for line in lines
            if line["priors"] == priors
        ]
        if driven:
            under = f"under {priors.replace('_', ' ')} priors"
            yield f"Driven by, {under}: it holds more often where {'; '.join(driven[:3])}."
            break
    off = found.answer.summary["With a channel switched off"]
    none, *cases = off
    most = max(cases, key=lambda case: abs(case["yes_pct"] - none["yes_pct"]))
    if most["yes_pct"] != none["yes_pct"]:
        yield f"With “{most['off']}” switched off: {most['yes_pct']:g} percent."
    yield from (text for text in found.caveats if "how the model is built" in text)


_OF = {"both": "NATO and Russia together"}
_UNBOUND = {
    "argument": "An argument that is bound to no question to the model yet.",
    "recommendation": "A recommendation that is bound to no measure yet.",
}
_MOVED = {
    "as asked": "moved as asked",
    "the other way": "moved the other way",
    "not at all": "has not moved",
    "cannot tell": "cannot tell whether it moved",
    "not judged": "shown, not judged",
}


def _claim(one: Annotation, claim: Claim, found: Annotated) -> Answer:
    notes = [_STANCE[one.attributed.stance]] if one.score else []
    if claim.not_computed:
        notes.append(f"Not computed: {claim.not_computed}")
        return Answer("Claim", "not-computed", claim.statement, (), tuple(filter(None, notes)))
    day = found.day or (one.then.asked.day if one.then and one.then.asked else None)
    whose = "the article" if found.day else "the claim"
    then = _said(f"as known at the date of {whose}, {spell(day)}" if day else "", one.then, found.names)
    now = _said(f"as known today, {spell(found.today)}", one.now, found.names)
    said = [then, now]
    if then and now and (then.verdict, then.value) == (now.verdict, now.value):
        said = [replace(then, when=f"{then.when}, and today")]
    if claim.note:
        notes.append(claim.note)
    verdict = one.verdict
    mark = verdict.value.replace(" ", "-") if verdict else "not-computed"
    return Answer("Claim", mark, claim.statement, tuple(filter(None, said)), tuple(filter(None, notes)))


def _said(when: str, checked: Checked | None, names: Mapping[str, str]) -> Said | None:
    if checked is None or checked.asked is None:
        return None
    judged = checked.asked
    inside = [f"{r.label or ', '.join(r.reading.values())}: {r.verdict.value}" for r in judged.counted if r.reading]
    more = [firmness(judged), nearest(judged)]
    if inside and len({r.verdict for r in judged.counted}) > 1:
        more.append(f"by reading: {'; '.join(inside)}")
    return Said(when, judged.verdict.value, in_names(judged.value, names), tuple(filter(None, more)))


def summary(found: Annotated) -> str:
    """Classes and verdicts of an article in a sentence."""
    classes = Counter(one.class_ for one in found.sentences)
    verdicts = Counter(one.verdict.value for one in found.sentences if one.verdict)
    open_ = sum(one.open for one in found.sentences)
    counted = [plural(classes[name], name) for name in ("claim", "argument", "recommendation")]
    kinds = ", ".join([*counted, f"{classes['background']} background"])
    judged = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()) or "none"
    return (
        f"{plural(len(found.sentences), 'sentence')}: {kinds}. With a computed verdict: {sum(verdicts.values())} "
        f"({judged}); "
        f"{open_} more {'is' if open_ == 1 else 'are'} worth a check and covered by no claim yet"
    )
