"""A finding as text for a terminal and as a fragment of HTML for a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dualtrack.core.finding import Answer, Finding

_WIDEST = 40  # characters of a column that is not the last
_SCREEN = 150  # characters of a line of a table


def amount(value: float | None) -> str:
    """A number as a reader expects it: no false precision, thousands separated, an unknown bound as ?.

    >>> amount(30000), amount(7.5), amount(3.5294), amount(None)
    ('30,000', '7.5', '3.53', '?')
    """
    if value is None:
        return "?"
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:,.0f}"


def answer_text(answer: Answer) -> str:
    """An answer in a line: its value or range and unit, or why it cannot be told."""
    unit = f" {answer.unit}" if answer.unit and answer.kind in ("number", "interval") else ""
    match answer.kind:
        case "set" if answer.value is not None:
            text = ", ".join(answer.value) or "none"
            return text + (f"; cannot tell: {', '.join(answer.unknown)}" if answer.unknown else "")
        case "number" | "interval" if not (answer.low is answer.high is answer.best is None):
            if answer.low == answer.high:
                return f"{amount(answer.low)}{unit}"
            best = f" (best {amount(answer.best)})" if answer.best is not None else ""
            return f"{amount(answer.low)} to {amount(answer.high)}{best}{unit}"
        case "table" if answer.value is not None:
            return f"{len(answer.value)} rows"
        case "three_valued" if answer.value is not None:
            return str(answer.value)
        case _:
            return f"cannot tell: {answer.why_unknown or 'not in the record'}"


def as_text(finding: Finding) -> str:
    """The finding with its readings, editions, evidence and caveats, for a terminal."""
    lines = [finding.headline, f"  as of {finding.as_of} · {finding.question}", ""]
    for title, rows in finding.answer.summary.items():
        lines += [f"{title}:", *_table(rows), ""]
    if finding.answer.kind == "table" and finding.answer.value:
        lines += [*([f"Rows ({len(finding.answer.value):,}):"] if finding.answer.summary else [])]
        lines += _table(finding.answer.value)
    else:
        lines.append(f"  {answer_text(finding.answer)}")
    for title, later, classes in (
        ("By reading", False, ("speaker", "public")),
        ("Later readings, not in use on that day", True, ("speaker", "public", "stress")),
        ("Outside the debate (our stress tests)", False, ("stress",)),
    ):
        readings = [r for r in finding.by_reading if r.later is later and r.class_ in classes]
        if readings:
            width = max(len(r.label or _ids(r.reading)) for r in readings)
            lines += ["", f"{title}:"]
            lines += [f"  {(r.label or _ids(r.reading)).ljust(width)}  {answer_text(r.answer)}" for r in readings]
    if finding.editions:
        lines += ["", "By edition:"]
        lines += [f"  {e.edition}  {answer_text(e.answer)}  [{e.basis}]" for e in finding.editions]
    if finding.answer.coverage:
        c = finding.answer.coverage
        lines += ["", f"Coverage: {c.known:,} of {c.total:,} {c.of}."]
    if finding.answer.kind == "table" and finding.answer.unknown:
        lines += ["", f"Cannot tell for {', '.join(finding.answer.unknown)}: {finding.answer.why_unknown}."]
    if finding.caveats:
        lines += ["", *(f"Note: {caveat}" for caveat in finding.caveats)]
    lines += [
        "",
        f"Rests on {len(finding.evidence)} cells of {_tables(finding)}; --json lists them with their sources.",
    ]
    return "\n".join(lines)


def _table(rows: list[dict[str, Any]]) -> list[str]:
    """The columns that fit the screen, the last one always and in full; says which it leaves out."""
    names = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)] or list(rows[0])
    cells = {name: [name.replace("_", " "), *(_cell(row[name]) for row in rows)] for name in names}
    widths = {name: min(_WIDEST, max(map(len, cells[name]))) for name in names}
    room = _SCREEN - sum(widths[name] for name in names[-1:])
    for name in names[:-1]:
        room -= widths[name] + 2
        if room < 0:
            del cells[name]
    *shorter, last = cells
    text = [
        "  ".join([*(_cut(cells[name][i], widths[name]).ljust(widths[name]) for name in shorter), cells[last][i]])
        for i in range(len(rows) + 1)
    ]
    for why, left in (
        ("unknown in every row", set(rows[0]) - set(names)),
        ("more columns with --json", set(names) - set(cells)),
    ):
        listed = [name.replace("_", " ") for name in rows[0] if name in left]
        text += [f"({why}: {', '.join(listed)})"] if listed else []
    return [f"  {line.rstrip()}" for line in text]


def _cell(value: Any) -> str:
    if value is None:
        return "?"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return amount(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _ids(reading: dict[str, str]) -> str:
    return ", ".join(f"{slot}: {id_}" for slot, id_ in reading.items())


def _tables(finding: Finding) -> str:
    return ", ".join(sorted({item.table for item in finding.evidence}))


def as_html(finding: Finding) -> str:
    """The finding as a fragment of HTML: headline, answer, readings, caveats, sources; everything escaped."""
    readings = "".join(
        f"<tr><td>{escape(r.label or _ids(r.reading))}</td><td>{r.class_}{' (later)' if r.later else ''}</td>"
        f"<td>{escape(answer_text(r.answer))}</td></tr>"
        for r in finding.by_reading
    )
    caveats = "".join(f"<li>{escape(caveat)}</li>" for caveat in finding.caveats)
    sources = "".join(
        f"<li>{escape(s.publisher)}: {_linked(s.title or s.id, s.url)} {escape(s.published)}</li>"
        for s in finding.sources
    )
    return (
        f"<article><h3>{escape(finding.headline)}</h3>"
        f"<p>{escape(answer_text(finding.answer))}<br><small>as of {finding.as_of}</small></p>"
        + (f"<table>{readings}</table>" if readings else "")
        + "".join(_html_table(title, rows) for title, rows in finding.answer.summary.items())
        + (_html_table("Rows", finding.answer.value) if finding.answer.kind == "table" else "")
        + (f"<ul>{caveats}</ul>" if caveats else "")
        + f"<details><summary>{len(finding.sources)} sources</summary><ul>{sources}</ul></details></article>"
    )


def _html_table(title: str, rows: list[dict[str, Any]] | None) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{escape(_cell(cell))}</td>' for cell in row.values())}</tr>" for row in rows)
    return f"<table><caption>{escape(title)}</caption><tr>{head}</tr>{body}</table>"


def _linked(title: str, url: str) -> str:
    if not url.startswith(("https://", "http://")):
        return escape(title)
    return f'<a href="{escape(url, quote=True)}" rel="noopener">{escape(title)}</a>'
