"""The questions the brief asks, and what it says at its head, derived from the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from dualtrack.analyses.dialogue import collected_to, gaps, meetings
from dualtrack.analyses.spending_guideline import counted
from dualtrack.analyses.words import listed, plural
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart
from dualtrack.publish.charts.agreements import agreements
from dualtrack.publish.charts.calendar import calendar
from dualtrack.publish.charts.council import council
from dualtrack.publish.charts.exercises import exercises
from dualtrack.publish.charts.force_ratio import force_ratio
from dualtrack.publish.charts.messaging import messaging
from dualtrack.publish.charts.polls import polls, survey
from dualtrack.publish.charts.presence import presence
from dualtrack.publish.charts.presence_over_time import presence_over_time
from dualtrack.publish.charts.proposal import proposals
from dualtrack.publish.charts.reinforcement import reinforcement
from dualtrack.publish.charts.spending import spending
from dualtrack.publish.charts.support import support
from dualtrack.publish.charts.threshold_sweep import led_by_states, threshold_sweep
from dualtrack.publish.charts.unity import unity
from dualtrack.publish.questions import asked_once
from dualtrack.publish.theme import Track
from dualtrack.record.store import Record

PROPOSALS = ("de-2019-package", "nato-2016-snap", "ru-2008-naval", "what-if-5000-10000")
"""The proposals the brief runs: those on record that can be run and are not contained in another, and one what-if."""


HOSTS = ("BLR", "EST", "LVA", "LTU", "POL")
"""Hosts whose reinforcement the brief shows: the neighbours of Russia and Belarus with forces of others and a network
on record, on both sides, by name."""


@dataclass(frozen=True)
class KeyFigure:
    """A figure at the head of the page, the sentence that explains it, and the finding it is taken from."""

    track: Track
    figure: str
    words: str
    finding: Finding


class Questions:
    """The brief's questions as of a record's day, each asked when it is needed; one without an answer yet is None.

    Args:
        record: the record as known on its day.
    """

    def __init__(self, record: Record) -> None:
        self.record = record

    @cached_property
    def _latest_year(self) -> int | None:
        return _year(self.record)

    @cached_property
    def alliance(self) -> Finding | None:
        """Who of the alliance met the guideline in the latest year."""
        return self._ask("spending_guideline", year=self._latest_year) if self._latest_year else None

    @cached_property
    def flank(self) -> Finding | None:
        """Who of the eastern flank met the guideline in the latest year."""
        year = self._latest_year
        return self._ask("spending_guideline", year=year, group="eastern_flank") if year else None

    @cached_property
    def presence(self) -> Finding | None:
        """Foreign forces by host."""
        return self._ask("presence")

    @cached_property
    def growth(self) -> Finding | None:
        """Presence over time."""
        return self._ask("presence_over_time")

    @cached_property
    def ratio(self) -> Finding | None:
        """Five to ten, under each reading."""
        return self._ask("force_ratio", low=5, high=10)

    @cached_property
    def reinforcement(self) -> list[Finding]:
        """What could arrive, by host."""
        arrivals = (self._ask("reinforcement", host=host) for host in HOSTS)
        return [finding for finding in arrivals if finding]

    @cached_property
    def exercises(self) -> Finding | None:
        """All exercises."""
        return self._ask("exercises")

    @cached_property
    def notifiable(self) -> Finding | None:
        """What the rules asked for."""
        return self._ask("notifiable")

    @cached_property
    def proposals(self) -> list[Finding]:
        """What proposals would have changed."""
        asked = (self._ask("proposal", proposal=name) for name in PROPOSALS)
        return [finding for finding in asked if finding]

    @cached_property
    def sweep(self) -> Finding | None:
        """What other levels would have caught."""
        return self._ask("threshold_sweep", start=1_000, stop=19_000, step=2_000)

    @cached_property
    def dialogue(self) -> Finding | None:
        """Meetings of the NATO-Russia Council."""
        return self._ask("dialogue")

    @cached_property
    def agreements(self) -> Finding | None:
        """Agreements and channels."""
        return self._ask("agreements")

    @cached_property
    def polls(self) -> Finding | None:
        """Polls on defending an ally."""
        return self._ask("polls", question="defend_ally")

    @cached_property
    def support(self) -> Finding | None:
        """Polls pooled."""
        return self._ask("support", question="defend_ally")

    @cached_property
    def fragility(self) -> Finding | None:
        """How far wording moves them."""
        return self._ask("fragility", question="defend_ally")

    @cached_property
    def backtest(self) -> Finding | None:
        """How well the pooled model foretells."""
        return self._ask("support_backtest", question="defend_ally")

    @cached_property
    def unity(self) -> Finding | None:
        """How far members agree."""
        return self._ask("unity")

    @cached_property
    def messaging(self) -> Finding | None:
        """Who spoke on what is contested."""
        return self._ask("messaging", question="article5")

    def _ask(self, name: str, /, **parameters: object) -> Finding | None:
        return asked_once(self.record, name, parameters)

    @property
    def findings(self) -> list[Finding]:
        """Every answer there is, in the order of the page."""
        asked = (
            self.flank, self.alliance, self.presence, self.growth, self.ratio, *self.reinforcement, self.exercises,
            self.notifiable,
        )  # fmt: skip
        later = (*self.proposals, self.sweep, self.dialogue, self.agreements, self.polls)
        pooled = (self.support, self.fragility, self.backtest)
        said = (self.messaging, self.unity)
        return [finding for finding in (*asked, *later, *pooled, *said) if finding]

    def charts(self) -> list[Chart]:
        """The charts of the page, by track."""
        drawn: list[Chart] = []
        if self.presence:
            drawn.append(presence(self.record, self.presence, self.exercises))
        if self.alliance and self.flank:
            drawn.append(spending(self.record, self.alliance, self.flank))
        if self.ratio:
            drawn.append(force_ratio(self.ratio))
        if self.reinforcement:
            drawn.append(reinforcement(self.record, self.reinforcement))
        by_one = (
            (presence_over_time, self.growth), (council, self.dialogue), (agreements, self.agreements),
            (polls, self.polls), (messaging, self.messaging), (unity, self.unity),
        )  # fmt: skip
        for draw, finding in by_one:
            if finding:
                drawn.append(draw(self.record, finding))
        if self.support:
            drawn.append(support(self.record, self.support, self.fragility, self.backtest))
        if self.exercises:
            drawn.append(exercises(self.exercises))
        if self.notifiable:
            drawn.append(calendar(self.record, self.notifiable))
        if self.proposals:
            drawn.append(proposals(self.proposals))
        if self.sweep and led_by_states(self.sweep):
            drawn.append(threshold_sweep(self.record, self.sweep))
        order = (
            "presence", "presence-over-time", "spending", "force-ratio", "reinforcement", "council", "exercises",
            "calendar", "proposals",
            "threshold-sweep", "agreements", "polls", "support", "messaging", "unity",
        )  # fmt: skip
        return sorted(drawn, key=lambda chart: order.index(chart.id))

    def figures(self) -> list[KeyFigure]:
        """One figure for each track."""
        made: list[Callable[[], KeyFigure | None]] = [self._spending, self._council, self._polls]
        return [figure for make in made if (figure := make())]

    def title(self) -> str:
        """The headline of the page: a clause for each track."""
        clauses = [self._presence_clause(), self._council_clause(), self._polls_clause()]
        text = ", ".join(clause for clause in clauses if clause)
        return text[:1].upper() + text[1:]

    def _spending(self) -> KeyFigure | None:
        if not self.flank:
            return None
        names = {row.id: row.text("name") for row in self.record.rows("states")}
        year, edition = self.flank.parameters["year"], self.flank.headline.rpartition("(")[2].rstrip(")")
        used = [r.answer for r in counted(self.flank.by_reading)]
        sizes = sorted({(len(a.value), a.coverage.total) for a in used if a.coverage})
        where = f"allies on the eastern flank at two percent of GDP in {year}"
        if all(met == total for met, total in sizes):
            words = f"{where}, under each of {len(used)} readings of the flank ({edition})"
            return KeyFigure(Track.DETERRENCE, "All", words, self.flank)
        met, (low, high) = used[0].value, (sizes[0], sizes[-1])
        who = f": {listed([names[s] for s in met])}" if self.flank.answer.value is not None and len(met) <= 3 else ""
        if low == high or self.flank.answer.value is not None:
            figure = f"{high[0]} of {high[1]}"
            smaller = f"; {low[0]} of {low[1]} by the narrowest reading" if low != high else ""
            return KeyFigure(Track.DETERRENCE, figure, f"{where}{who} ({edition}{smaller})", self.flank)
        figure = f"{low[0]} of {low[1]} to {high[0]} of {high[1]}"
        return KeyFigure(Track.DETERRENCE, figure, f"{where}, by reading ({edition})", self.flank)

    def _council(self) -> KeyFigure | None:
        silent = self._silence()
        if not silent or not self.dialogue:
            return None
        months, words = silent
        return KeyFigure(Track.DIALOGUE, plural(months, "month"), words, self.dialogue)

    def _silence(self) -> tuple[int, str] | None:
        rows = [row for row in self.record.rows("dialogue") if row["forum"] == "NATO-Russia Council"]
        end = min(self.record.as_of, collected_to(self.record.spec("dialogue")))
        found = gaps(rows, end)
        if not found:
            return None
        running, closed = found[-1], [gap for gap in found if gap.end]
        if closed and closed[-1].months >= max(running.months, 6):
            met = closed[-1].end.text("date") if closed[-1].end else ""
            preposition = "on" if len(met) == 10 else "in"
            return closed[
                -1
            ].months, f"between two meetings of the NATO-Russia Council, ended {preposition} {spell(met)}"
        last = spell(running.start.text("date")[:7])
        until = f", up to {spell(end)}, where collection ends" if end < self.record.as_of else ""
        return running.months, f"since the NATO-Russia Council last met, in {last}{until}"

    def _polls(self) -> KeyFigure | None:
        wave = survey(self.record, self.polls) if self.polls else []
        if not wave or not self.polls:
            return None
        shares = [row["support"] for row in wave]
        ends = f"{wave[-1]['name']} lowest, {wave[0]['name']} highest"
        return KeyFigure(
            Track.PUBLIC,
            f"{min(shares):.0f} to {max(shares):.0f} %",
            f"would use force to defend an ally, by country: {ends} ({wave[0]['pollster']}, {spell(wave[0]['date'])})",
            self.polls,
        )

    def _presence_clause(self) -> str:
        if not self.presence:
            return ""
        rows = self.presence.answer.value
        abroad = sum(row["forces"] > row["own"] for row in rows)
        return f"foreign forces in {plural(abroad, 'state')}"

    def _council_clause(self) -> str:
        silent = self._silence()
        if not silent:
            rows = self.record.rows("dialogue", "forum = 'NATO-Russia Council'")
            dates = [row.text("date") for row in meetings(rows)]
            last = f"a NATO-Russia Council whose last meeting on record was in {spell(dates[-1][:7])}" if dates else ""
            return last or "no NATO-Russia Council meeting on record"
        months, words = silent
        met = words.startswith("between")
        what = "a NATO-Russia Council back after" if met else "no NATO-Russia Council meeting for"
        return f"{what} {plural(months, 'month')}"

    def _polls_clause(self) -> str:
        wave = survey(self.record, self.polls) if self.polls else []
        if not wave:
            return ""
        most = sum(row["support"] > 50 for row in wave)
        return f"majorities to defend an ally in {most} of {len(wave)} countries asked"


def _year(record: Record) -> int | None:
    """The latest year for which an edition known on the day decides at least one ally."""
    rows = [
        *record.rows("spending", "series = 'nato' AND definition = 'defence'"),
        *record.rows("spending_lists", "relation = 'ge'"),
    ]
    years = [int(year) for row in rows if (year := row.number("year"))]
    return max(years, default=None)
