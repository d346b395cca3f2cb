"""The brief of one state: both tracks, its polls, and what its leaders said, as known on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dualtrack import __version__
from dualtrack.analyses.contract import analysis
from dualtrack.analyses.names import named, names, state_code
from dualtrack.analyses.presence import forces_in_place
from dualtrack.analyses.voices import subject
from dualtrack.analyses.words import plural
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.core.show import amount
from dualtrack.publish.chart import Chart
from dualtrack.publish.charts.state_spending import state_spending
from dualtrack.publish.charts.support_trend import support_trend
from dualtrack.publish.pages.brief import Brief, drawn, numbered, page_css
from dualtrack.publish.pages.template import templates
from dualtrack.publish.symbols import symbol
from dualtrack.publish.theme import Track
from dualtrack.record.store import Record

_SHOWN = {Track.DETERRENCE: 15, Track.DIALOGUE: 15, Track.PUBLIC: 60}
_WHO = ("closes_in", "other", "alleged_by")  # columns of encounters that hold states

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Section:
    """One question about the state: its finding, and the rows of the answer worth printing."""

    track: Track
    title: str
    columns: Sequence[tuple[str, str]]
    rows: Rows
    finding: Finding | None
    total: int
    chart: Chart | None = None
    note: str = ""


class StateBrief:
    """Gathers the sections of one state's brief.

    Args:
        record: the record as known on its day.
        code: the state's code in any case.

    Raises:
        NoSuchName: the record has no such state.
        BadInput: the record holds nothing on it as of that day.
    """

    def __init__(self, record: Record, code: str) -> None:
        self.record = record
        self.code = state_code(record, code)
        self.name = named(record, self.code)
        made: list[Callable[[], Section | None]] = [
            self._spending,
            self._hosted,
            self._sent,
            self._commitments,
            self._exercises,
            self._encounters,
            self._steps,
            self._support,
            self._polls,
            self._said,
        ]
        self.sections = [section for make in made if (section := make())]
        if not self.sections:
            raise BadInput(
                f"The record holds nothing on {self.name} as of {record.as_of}.",
                "Try a later --as-of or another state.",
            )

    def _ask(self, name: str, /, **parameters: object) -> Finding | None:
        try:
            return analysis(name).ask(self.record, parameters)
        except BadInput:
            return None

    def _called(self, codes: Sequence[str] | None) -> list[str]:
        """States by name, in their order; bodies that are no states keep their own. Empty where nothing is known."""
        called = names(self.record)
        return [called.get(code, code) for code in codes or ()]

    def _section(
        self,
        track: Track,
        title: str,
        found: Finding | None,
        columns: Sequence[tuple[str, str]],
        rows: Rows,
        note: str = "",
    ) -> Section | None:
        if not found or not rows:
            return None
        return Section(track, title, columns, rows[: _SHOWN[track]], found, len(rows), note=note)

    def _spending(self) -> Section | None:
        found = self._ask("spending_trend", state=self.code)
        if not found:
            return None
        chart = state_spending(self.record, self.code, found)
        return Section(Track.DETERRENCE, found.headline, (), (), found, 0, chart=chart) if chart.rows else None

    def _hosted(self) -> Section | None:
        found = self._ask("presence", host=self.code)
        rows = [
            {
                **figure,
                "range": f"{amount(figure['low'])} to {amount(figure['high'])}"
                if figure["low"] != figure["high"]
                else amount(figure["high"]),
            }
            for host in (found.answer.value if found else [])
            for figure in host["figures"]
            if figure["row"]
        ]
        columns = [
            ("role", "Forces"),
            ("label", "What is counted"),
            ("range", "Persons or aircraft"),
            ("as_of", "As of"),
            ("row", "Row"),
        ]
        return self._section(
            Track.DETERRENCE,
            found.headline if found else "",
            found,
            columns,
            rows,
            "Figures overlap and are not added up.",
        )

    def _sent(self) -> Section | None:
        forces = [
            f for f in forces_in_place(self.record, self.record.as_of) if self.code in f.senders and not f.own_territory
        ]
        found = self._ask("presence", by="force")
        rows = [
            {
                "name": f.name,
                "hosts": self._called(f.hosts),
                "basing": f.basing,
                "row": f"deployments/{f.id}",
            }
            for f in forces
        ]
        columns = [("name", "Force"), ("hosts", "Where"), ("basing", "Basing"), ("row", "Row")]
        title = f"{plural(len(rows), 'force')} abroad on record with troops of {self.name}"
        return self._section(
            Track.DETERRENCE,
            title,
            found,
            columns,
            rows,
            "Troops of one state within a force are known for few of them; see the table of contributions.",
        )

    def _commitments(self) -> Section | None:
        found = self._ask("commitments", addressee=self.code)
        rows = [{**row, "row": f"commitments/{row['row']}"} for row in (found.answer.value if found else [])]
        columns = [
            ("promised", "When"),
            ("commitment", "What"),
            ("deadline", "Deadline"),
            ("status", "Status"),
            ("row", "Row"),
        ]
        return self._section(Track.DETERRENCE, found.headline if found else "", found, columns, rows)

    def _exercises(self) -> Section | None:
        found = self._ask("exercises", state=self.code)
        rows = [
            {**row, "lead_states": self._called(row["lead_states"]), "row": f"exercises/{row['id']}"}
            for row in reversed(found.answer.value if found else [])
        ]
        columns = [
            ("start", "Start"),
            ("name", "Exercise"),
            ("lead_states", "Led by"),
            ("announced", "Announced"),
            ("declared", "Declared"),
            ("high", "Highest figure"),
            ("notified", "Notified"),
            ("row", "Row"),
        ]
        return self._section(Track.DIALOGUE, found.headline if found else "", found, columns, rows, "The latest first.")

    def _encounters(self) -> Section | None:
        found = self._ask("encounters", state=self.code)
        rows = [
            {**row, **{who: self._called(row[who]) for who in _WHO}, "row": f"encounters/{row['row']}"}
            for row in reversed(found.answer.value if found else [])
        ]
        columns = [
            ("date", "Date"),
            ("place", "Where"),
            ("kind", "What"),
            ("closes_in", "Closes in"),
            ("other", "Other"),
            ("alleged_by", "Who says so"),
            ("disputed", "Disputed"),
            ("row", "Row"),
        ]
        return self._section(
            Track.DIALOGUE,
            found.headline if found else "",
            found,
            columns,
            rows,
            "The latest first; the count measures publicity, not events.",
        )

    def _steps(self) -> Section | None:
        found = self._ask("dialogue", forum="all")
        mine = [row for row in (found.answer.value if found else []) if self.code in row["initiator"]]
        rows = [{**row, "row": f"dialogue/{row['id']}"} for row in reversed(mine)]
        columns = [("date", "Date"), ("forum", "Forum"), ("outcome", "Step"), ("topics", "On"), ("row", "Row")]
        return self._section(
            Track.DIALOGUE,
            f"{plural(len(rows), 'step')} of dialogue taken by {self.name} on record",
            found,
            columns,
            rows,
            "The latest first.",
        )

    def _support(self) -> Section | None:
        """Support over time on the item polled on most dates here; none where no item was polled twice."""
        dates: dict[str, set[str]] = {}
        for row in self.record.rows("polls", "country = ?", self.code):
            if row["ref_date"] and row["support_pct"] is not None and not row["subgroup"]:
                dates.setdefault(row.text("question"), set()).add(row.text("ref_date"))
        most = min(dates, key=lambda question: (-len(dates[question]), question), default="")
        if len(dates.get(most, ())) < 2:
            return None
        found = self._ask("support", question=most, country=self.code)
        if not found:
            return None
        chart = support_trend(self.record, found)
        return Section(Track.PUBLIC, found.headline, (), (), found, 0, chart=chart)

    def _polls(self) -> Section | None:
        asked = {row.text("question") for row in self.record.rows("polls", "country = ?", self.code)}
        found = [f for question in sorted(asked) if (f := self._ask("polls", question=question, country=self.code))]
        rows = [
            {**row, "row": f"polls/{row['id']}"}
            for finding in found
            for row in finding.answer.value
            if row["support"] is not None and not row["subgroup"]
        ]
        rows.sort(key=lambda row: (row["date"] or "", row["row"]), reverse=True)
        columns = [
            ("date", "Date"),
            ("wording", "Wording, in our words"),
            ("support", "Yes, %"),
            ("oppose", "No, %"),
            ("n", "Sample"),
            ("pollster", "Pollster"),
            ("row", "Row"),
        ]
        title = f"{plural(len(rows), 'poll figure')} for {self.name} on record"
        return self._section(
            Track.PUBLIC,
            title,
            found[0] if found else None,
            columns,
            rows,
            "The latest first; different wordings are not comparable.",
        )

    def _said(self) -> Section | None:
        found = self._ask("positions", state=self.code)
        rows = [
            {**row, "question": subject(row["question"]), "row": f"statements/{row['row']}"}
            for row in reversed(found.answer.value if found else [])
        ]
        columns = [
            ("date", "Date"),
            ("speaker", "Speaker"),
            ("office", "Office"),
            ("question", "On"),
            ("position", "Position"),
            ("said", "What was said, in our words"),
            ("row", "Row"),
        ]
        return self._section(
            Track.PUBLIC,
            found.headline if found else "",
            found,
            columns,
            rows,
            "Positions run from -2 (against) to 2 (for), coded by one person; the latest first.",
        )


def state_brief(record: Record, code: str) -> Brief:
    """The brief of one state.

    Raises:
        NoSuchName: the record has no such state.
        BadInput: the record holds nothing on it as of that day.
    """
    made = StateBrief(record, code)
    findings = list({s.finding.id: s.finding for s in made.sections if s.finding}.values())
    sources = numbered(findings)
    tracks = [(t, [s for s in made.sections if s.track is t]) for t in Track]
    page = (
        templates()
        .get_template("state.html.j2")
        .render(
            as_of=record.as_of,
            as_of_words=spell(record.as_of),
            strict=record.strict,
            name=made.name.removeprefix("the "),
            tracks=[(track, sections) for track, sections in tracks if sections],
            drawn=drawn,
            findings=findings,
            sources=sources,
            numbers={source.id: number for number, source in enumerate(sources, 1)},
            tables=[(record.spec(n), len(record.rows(n))) for n in record.tables if record.spec(n).kind == "fact"],
            symbol=symbol,
            version=__version__,
            css=page_css(),
        )
    )
    return Brief(page, [sections[0].title for _, sections in tracks if sections])
