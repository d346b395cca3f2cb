"""A finding as text for a terminal and as a fragment of HTML for a notebook."""

from __future__ import annotations

from html import escape
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dualtrack.core.finding import Answer, ByReading, Finding

_WITHIN = {"yes": "inside", "no": "outside", "in part": "partly inside", "unknown": "cannot tell", None: ""}
_WIDEST = 40  # characters of a column that is not the last
_NARROW = 20  # the same where a row has several lines
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
    if abs(value) < 0.005:
        return f"{value:.1g}"  # never rounded to nothing
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:,.0f}"


def span(low: float | None, high: float | None) -> str:
    """A range in words; a bound that is not known is said to be open.

    >>> span(1, 1), span(300, 800), span(None, 4000), span(7.5, None), span(None, None)
    ('1', '300 to 800', 'at most 4,000', 'at least 7.5', '?')
    """
    if low is None or high is None:
        return "?" if low is high else f"at most {amount(high)}" if low is None else f"at least {amount(low)}"
    return amount(low) if low == high else f"{amount(low)} to {amount(high)}"


def answer_text(answer: Answer) -> str:
    """An answer in a line: its value or range and unit, or why it cannot be told."""
    unit = f" {answer.unit}" if answer.unit and answer.kind in ("number", "interval") else ""
    match answer.kind:
        case "set" if answer.value is not None:
            text = ", ".join(answer.value) or "none"
            return text + (f"; cannot tell: {', '.join(answer.unknown)}" if answer.unknown else "")
        case "number" | "interval" if answer.low is answer.high is None and _single(answer) is not None:
            return f"{amount(_single(answer))}{unit}"
        case "number" | "interval" if not (answer.low is answer.high is None):
            best = f" (best {amount(answer.best)})" if answer.best is not None and answer.low != answer.high else ""
            return f"{span(answer.low, answer.high)}{best}{unit}"
        case "table" if answer.value is not None:
            return f"{len(answer.value)} rows"
        case "three_valued" if answer.value is not None:
            return str(answer.value)
        case _:
            return f"cannot tell: {answer.why_unknown or 'not in the record'}"


def _single(answer: Answer) -> float | None:
    """The one figure of an answer without bounds."""
    value = answer.value if answer.best is None else answer.best
    return value if isinstance(value, (int, float)) else None


def as_text(finding: Finding) -> str:
    """The finding with its readings, editions, evidence and caveats, for a terminal."""
    lines = [finding.headline, f"  as of {finding.as_of} · {finding.question}", ""]
    for title, rows in finding.answer.summary.items():
        lines += [f"{title}:", *_table(rows), ""] if rows else []
    if finding.answer.kind == "table" and finding.answer.value:
        lines += [*([f"Rows ({len(finding.answer.value):,}):"] if finding.answer.summary else [])]
        lines += _table(finding.answer.value)
    else:
        lines.append(f"  {answer_text(finding.answer)}")
    for title, later, classes in (
        ("By reading", False, ("speaker", "public")),
        ("Readings not in use on that day", True, ("speaker", "public", "stress")),
        ("Outside the debate (our stress tests)", False, ("stress",)),
    ):
        readings = [r for r in finding.by_reading if r.later is later and r.class_ in classes]
        if readings:
            width = max(len(r.label or _ids(r.reading)) for r in readings)
            lines += ["", f"{title}:"]
            lines += [f"  {(r.label or _ids(r.reading)).ljust(width)}  {_reading(r)}" for r in readings]
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


def _reading(reading: ByReading) -> str:
    """Class, answer, whether it lies in the range asked about, and the figures it is computed from."""
    text = f"{reading.class_.ljust(len('speaker'))}  {answer_text(reading.answer)}"
    if reading.within and not reading.answer.why_unknown:
        at_best = f", best figure {_WITHIN[reading.within_best]}" if reading.within_best in ("yes", "no") else ""
        text += f" · {_WITHIN[reading.within]}{at_best if reading.within in ('in part', 'unknown') else ''}"
    parts = " : ".join(span(part.low, part.high) for part in reading.parts)
    return f"{text}  [{parts}]" if parts and not reading.answer.why_unknown else text


def _table(rows: list[dict[str, Any]]) -> list[str]:
    """The columns that fit the screen, the last one always and in full; says which it leaves out.

    Where the last column holds figures, each has a line of its own and the other cells are wrapped.
    """
    names = [name for name in rows[0] if any(row[name] not in (None, "", []) for row in rows)] or list(rows[0])
    tall = any(len(_lines(row[names[-1]])) > 1 for row in rows)
    cells = {name: [[name.replace("_", " ")], *(_lines(row[name]) for row in rows)] for name in names}
    full = {name: max(len(line) for lines in cells[name] for line in lines) for name in names}
    widths = {name: min(_NARROW if tall else _WIDEST, width) for name, width in full.items()}
    room = _SCREEN - (full if tall else widths)[names[-1]]
    for name in names[:-1]:
        room -= widths[name] + 2
        if room < 0:
            del cells[name]
    *shorter, last = cells
    text = []
    for i in range(len(rows) + 1):
        columns = [
            [part for line in cells[name][i] for part in wrap(line, widths[name])]
            if tall
            else [_cut(cells[name][i][0], widths[name])]
            for name in shorter
        ]
        pads = [widths[name] for name in shorter]
        for line in zip_longest(*columns, cells[last][i], fillvalue=""):
            text.append("  ".join([*(cell.ljust(pad) for cell, pad in zip(line, pads, strict=False)), line[-1]]))
    for why, left in (
        ("unknown in every row", set(rows[0]) - set(names)),
        ("more columns with --json", set(names) - set(cells)),
    ):
        listed = [name.replace("_", " ") for name in rows[0] if name in left]
        text += [f"({why}: {', '.join(listed)})"] if listed else []
    return [f"  {line.rstrip()}" for line in text]


def cell_text(value: Any) -> str:
    """A cell of an answer's table in words, an unknown one as ?.

    >>> cell_text(None), cell_text(9000), cell_text(["EST", "POL"]), cell_text({"nato": 2, "russia": 0})
    ('?', '9,000', 'EST, POL', '2 nato')
    """
    if value is None:
        return "?"
    if isinstance(value, (list, tuple)):
        return ", ".join(cell_text(item) if isinstance(item, dict) else str(item) for item in value)
    if isinstance(value, dict):
        return _figure(value) if "label" in value else ", ".join(f"{n} {name}" for name, n in value.items() if n)
    return amount(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _lines(value: Any) -> list[str]:
    """A cell of figures as a line each, any other cell as one line."""
    several = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    return [cell_text(item) for item in value] if several else [cell_text(value)]


def _figure(figure: dict[str, Any]) -> str:
    """A figure as it stands in a table: its role, what is counted, the range, and the date it is for."""
    role = f"{figure['role']}: " if figure.get("role") else ""
    unit = "" if figure.get("unit") in (None, "persons") else f" {figure['unit']}"
    dated = f" ({figure['as_of']})" if figure.get("as_of") else ""
    return f"{role}{figure['label']} {span(figure.get('low'), figure.get('high'))}{unit}{dated}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _ids(reading: dict[str, str]) -> str:
    return ", ".join(f"{slot}: {id_}" for slot, id_ in reading.items())


def _tables(finding: Finding) -> str:
    return ", ".join(sorted({item.table for item in finding.evidence}))


def as_html(finding: Finding) -> str:
    """The finding as a fragment of HTML: headline, answer, readings, caveats, sources; everything escaped."""
    readings = "".join(
        f"<tr><td>{escape(r.label or _ids(r.reading))}</td><td>{r.class_}{' (not in use)' if r.later else ''}</td>"
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
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell_text(cell))}</td>' for cell in row.values())}</tr>" for row in rows
    )
    return f"<table><caption>{escape(title)}</caption><tr>{head}</tr>{body}</table>"


def _linked(title: str, url: str) -> str:
    if not url.startswith(("https://", "http://")):
        return escape(title)
    return f'<a href="{escape(url, quote=True)}" rel="noopener">{escape(title)}</a>'
