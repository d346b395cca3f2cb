"""The workings of one analysis: which rows it selected and which cells its answer rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dualtrack import __version__
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, ByReading, Edition, Evidence, Finding, Method, finding_id
from dualtrack.record.rows import Row
from dualtrack.record.store import Record


class Workings:
    """Collects selections, evidence and caveats from the first line on, and builds the finding at the end.

    Args:
        record: the record as known on its day.
        analysis: name of the analysis.
        parameters: the parameters it was asked with.
    """

    def __init__(self, record: Record, analysis: str, parameters: dict[str, Any]) -> None:
        self.record = record
        self.analysis = analysis
        self.parameters = parameters
        self.caveats: list[str] = []
        self._sql: list[str] = []
        self._evidence: dict[tuple[str, str, str], Evidence] = {}

    def again(self, parameters: dict[str, Any]) -> Workings:
        """The same workings for another question that rests on the same cells."""
        made = Workings(self.record, self.analysis, parameters)
        made.caveats, made._sql, made._evidence = [*self.caveats], [*self._sql], {**self._evidence}
        return made

    def select(self, table: str, where: str = "", *values: Any) -> list[Row]:
        """Rows of a table as known, with the selection kept for the finding's method."""
        shown = where
        for value in values:
            text = repr(value) if isinstance(value, (int, float)) else f"'{value}'"
            shown = shown.replace("?", text, 1)
        self._note(f"SELECT * FROM {table}" + (f" WHERE {shown}" if shown else ""))
        return self.record.rows(table, where, *values)

    def all(self, table: str, where: str = "") -> list[Row]:
        """Every row of a table as known; ``where`` is the condition that will be held against them in memory."""
        self._note(f"SELECT * FROM {table}" + (f" WHERE {where}" if where else ""))
        return self.record.rows(table)

    def equal(self, table: str, wanted: Mapping[str, str | int | Sequence[str]]) -> list[Row]:
        """Rows of a table as known whose cells are a value or one of a list of values, compared as they are written."""
        several = {name: [some] if isinstance(some, (str, int)) else list(some) for name, some in wanted.items()}
        self._note(
            f"SELECT * FROM {table} WHERE "
            + " AND ".join(
                f'"{name}" ' + (f"= {some[0]!r}" if len(some) == 1 else f"IN ({', '.join(map(repr, some))})")
                for name, some in several.items()
            )
        )
        texts = {name: {str(value) for value in some} for name, some in several.items()}
        return [
            row for row in self.record.rows(table)
            if all(row[name] is not None and row.text(name) in some for name, some in texts.items())
        ]  # fmt: skip

    def use(self, row: Row, *fields: str) -> None:
        """Notes that the answer rests on these cells of a row."""
        for name in fields:
            self._evidence.setdefault((row.spec.table, row.id, name), row.evidence(name))

    def _note(self, statement: str) -> None:
        if statement not in self._sql:
            self._sql.append(statement)

    def caveat(self, text: str) -> None:
        """Notes, once, what a reader of the answer must know."""
        if text not in self.caveats:
            self.caveats.append(text)

    def finding(
        self,
        *,
        question: str,
        headline: str,
        answer: Answer,
        method: str,
        by_reading: list[ByReading] | None = None,
        editions: list[Edition] | None = None,
    ) -> Finding:
        """The finding.

        Raises:
            BadInput: no row was noted as evidence, as the record held none by then.
        """
        if not self._evidence:
            raise BadInput(
                f"The record holds nothing on {self.analysis.replace('_', ' ')} known by {self.record.as_of}.",
                "Try a later --as-of or other parameters.",
            )
        evidence = list(self._evidence.values())
        inferred = sorted({f"{e.table}/{e.row}" for e in evidence if e.known_basis == "inferred"})
        if inferred:
            some = ", ".join(inferred[:3]) + (" …" if len(inferred) > 3 else "")
            self.caveat(f"When it became known is inferred for {len(inferred)} of the rows used: {some}")
        corrected = [f"{e.table}/{e.row} {e.field}, which was {e.corrected.was}" for e in evidence if e.corrected]
        if corrected:
            some = "; ".join(corrected[:3]) + (" …" if len(corrected) > 3 else "")
            self.caveat(f"Corrected against what was published, {len(corrected)} of the cells used: {some}")
        cited = [s for e in evidence for s in e.sources] + [s for r in by_reading or [] for s in r.sources]
        return Finding(
            id=finding_id(self.analysis, self.parameters, self.record.as_of),
            analysis=self.analysis,
            question=question,
            headline=headline,
            as_of=self.record.as_of,
            parameters=self.parameters,
            answer=answer,
            by_reading=by_reading or [],
            editions=editions or [],
            evidence=evidence,
            sources=self.record.sources(cited),
            method=Method(text=method, sql=self._sql, version=__version__),
            caveats=self.caveats,
        )
