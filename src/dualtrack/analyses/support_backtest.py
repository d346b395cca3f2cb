"""How well the pooled model of polls foretells polls it has not seen: how often its bands hold, and its error.

Two tests. *Series left out*: all polls of one house's series in one country are left out, and foretold from all
others. *Next poll*: each poll is foretold from those dated before it alone. A band holds 90 percent, so between 85 and
95 of 100 polls should lie in it. The error is the mean distance to the published share in points, beside two
baselines: the last earlier poll of the item in the country (outside the series), carried forward, and the mean of the
item's polls in the other countries (for the next poll: earlier ones). The three are compared over the polls that
have both baselines. The model's form was chosen with these polls in sight; its parameters are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from dualtrack.analyses.mixture import Floats
from dualtrack.analyses.polled import Item, item, pooled, rest_on, tell
from dualtrack.analyses.pooling import Poll, Pooled, percent
from dualtrack.analyses.support import HIGH, LOW
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = ({"question": "defend_ally"}, {})

LEAST = 8
"""Polls an item must have to be tested."""
_TESTS = {"series": "series left out", "next": "next poll"}


class Foretold(NamedTuple):
    """One poll foretold without having seen it: the share in percent, and what was said of it.

    ``rank`` is the probability the model gave to a lower share; baselines are None where there is none.
    """

    share: float
    model: float
    rank: float
    last: float | None
    mean: float | None


def run(
    record: Record,
    question: Annotated[str | None, "one question code; every item with eight polls or more if left out"] = None,
) -> Finding:
    """Coverage of 90 percent bands and mean error, by item and test, beside both baselines."""
    work = Workings(record, "support_backtest", {"question": question})
    counts: dict[str, int] = {}
    for row in record.rows("polls"):
        counts[row.text("question")] = counts.get(row.text("question"), 0) + 1
    wanted = [question] if question else [code for code, count in counts.items() if count >= LEAST]
    items = [found for code in wanted if (found := _item(work, code)) and len(found.used) >= LEAST]
    if not items:
        raise BadInput(
            f"No item {f'({question}) ' if question else ''}has {LEAST} polls with a share in favour on record up to "
            f"{spell(record.as_of)}.",
            "Try a later --as-of or another question.",
        )
    results: dict[str, list[Foretold]] = {name: [] for name in _TESTS}
    rows = []
    for found in sorted(items, key=lambda found: (-len(found.used), found.codes)):
        model = pooled(record, found)
        for name, told in (("series", series_left_out(model)), ("next", next_polls(model))):
            rows.append({"item": found.codes[0], "test": _TESTS[name], **_measured(told)})
            results[name] += told
        rest_on(work, found)
    total = [{"test": words, **_measured(results[name])} for name, words in _TESTS.items()]
    tell(work, items)
    work.caveat(
        "Polls foretold share houses, wordings and countries with the polls used, as they will in use; a new house "
        "asking in a new country is foretold from other countries alone."
    )
    return work.finding(
        question=f"How well are polls foretold that the model has not seen, as of {spell(record.as_of)}?",
        headline=_headline(total[0], len({found.codes for found in items})),
        answer=Answer(
            kind="table",
            value=rows,
            unit="polls, percent of them in the band, and mean errors in points",
            coverage=Coverage(
                known=sum(len(found.used) for found in items), total=len(record.rows("polls")), of="figures on record"
            ),
            summary={"All items": total},
        ),
        method=(
            "Every poll is foretold from the joint distribution of the others (closed form), with the weights of the "
            "model's parameters worked out anew without it. Nothing is drawn at random."
        ),
    )


def _item(work: Workings, code: str) -> Item | None:
    try:
        return item(work, code)
    except BadInput:
        if work.parameters["question"]:
            raise
        return None


def series_left_out(model: Pooled) -> list[Foretold]:
    """Each poll foretold without the series it belongs to in its country."""
    series: dict[tuple[str, str], list[int]] = {}
    for number, poll in enumerate(model.polls):
        series.setdefault((poll.country, poll.series), []).append(number)
    found = []
    for numbers in series.values():
        if len(numbers) == len(model.polls):
            continue  # nothing is left to foretell it from
        others = [poll for number, poll in enumerate(model.polls) if number not in numbers]
        told = model.left_out(np.array(numbers))
        found += _foretold(model, numbers, told.below(model.odds[numbers]), told.quantile(0.5), others)
    return found


def next_polls(model: Pooled) -> list[Foretold]:
    """Each dated poll foretold from the polls dated before it; the first ones, with none before, are left out."""
    dates: dict[float, list[int]] = {}
    for number, poll in enumerate(model.polls):
        if poll.when is not None:
            dates.setdefault(poll.when, []).append(number)
    blocks = [dates[when] for when in sorted(dates)]
    found: list[Foretold] = []
    before: list[Poll] = []
    for numbers, told in zip(blocks, model.ahead(blocks), strict=True):
        if before:
            found += _foretold(model, numbers, told.below(model.odds[numbers]), told.quantile(0.5), before)
        before += [model.polls[number] for number in numbers]
    return found


def _foretold(
    model: Pooled, numbers: Sequence[int], ranks: Floats, odds: Floats, others: Sequence[Poll]
) -> list[Foretold]:
    return [
        Foretold(
            share=model.polls[number].share,
            model=float(share),
            rank=float(rank),
            last=_last(model.polls[number], others),
            mean=_mean(model.polls[number], others),
        )
        for number, rank, share in zip(numbers, ranks, percent(odds), strict=True)
    ]


def _last(poll: Poll, others: Sequence[Poll]) -> float | None:
    """The last earlier poll in the country; of several on one day, their mean."""
    earlier = [
        (other.when, other.share)
        for other in others
        if other.country == poll.country and other.when is not None and poll.when is not None
        if other.when < poll.when
    ]
    latest = [share for when, share in earlier if when == max(earlier)[0]]
    return sum(latest) / len(latest) if latest else None


def _mean(poll: Poll, others: Sequence[Poll]) -> float | None:
    """The mean of the item's polls in the other countries."""
    shares = [other.share for other in others if other.country != poll.country]
    return sum(shares) / len(shares) if shares else None


def _measured(told: Sequence[Foretold]) -> dict[str, Any]:
    """Coverage over all polls foretold, and mean errors over those that have both baselines."""
    inside = sum(LOW <= one.rank <= HIGH for one in told)
    both = [(one, one.last, one.mean) for one in told if one.last is not None and one.mean is not None]
    return {
        "polls": len(told),
        "in_band": inside,
        "coverage": round(100 * inside / len(told), 1) if told else None,
        "error": _error([(one.model, one.share) for one in told]),
        "compared": len(both),
        "error_compared": _error([(one.model, one.share) for one, _, _ in both]),
        "last_carried_forward": _error([(last, one.share) for one, last, _ in both]),
        "mean_of_others": _error([(mean, one.share) for one, _, mean in both]),
    }


def _error(pairs: Sequence[tuple[float, float]]) -> float | None:
    return round(sum(abs(a - b) for a, b in pairs) / len(pairs), 1) if pairs else None


def _headline(total: dict[str, Any], items: int) -> str:
    beside = (
        f"; over {total['compared']} with both baselines the error is {total['error_compared']:g} points, beside "
        f"{total['last_carried_forward']:g} for the last poll carried forward and {total['mean_of_others']:g} for the "
        "mean of other countries"
        if total["compared"]
        else ""
    )
    return (
        f"With their series left out, {total['in_band']} of {total['polls']} polls of {plural(items, 'item')} lay in "
        f"the 90 percent band ({total['coverage']:g} percent){beside}"
    )
