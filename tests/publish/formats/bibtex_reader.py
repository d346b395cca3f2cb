"""A strict reader of the BibTeX we may write: entries only, each field once, braces balanced, commas in place."""

from __future__ import annotations

import re

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
ESCAPES = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{mark}": mark for mark in "#$%&_"},
}
_KEY = re.compile(r"@([a-z]+)\{([^\s,{}\"#%'=~\\]+),\n")
_FIELD = re.compile(r"  ([a-z]+) = ")
_WORD = re.compile(r"[a-z]+")


def read(text: str) -> dict[str, dict[str, str]]:
    """The fields of each entry by its key, without the outer braces.

    Raises:
        ValueError: something stands where BibTeX would stumble over it.
    """
    entries: dict[str, dict[str, str]] = {}
    position = 0
    while position < len(text):
        if text[position] == "\n":
            position += 1
            continue
        head = _KEY.match(text, position)
        if not head:
            raise ValueError(f"no entry at {text[position : position + 40]!r}")
        if head[2].lower() in {key.lower() for key in entries}:
            raise ValueError(f"key {head[2]} stands twice")
        position = head.end()
        fields = {"": head[1]}
        while text[position] != "}":
            name = _FIELD.match(text, position)
            if not name or name[1] in fields:
                raise ValueError(f"no new field at {text[position : position + 40]!r}")
            value, position = _value(text, name.end())
            fields[name[1]] = value
            if text[position : position + 2] != ",\n":
                raise ValueError(f"no comma at {text[position : position + 40]!r}")
            position += 2
        entries[head[2]] = fields
        position += 1
    return entries


def _value(text: str, start: int) -> tuple[str, int]:
    if text[start] != "{":
        word = _WORD.match(text, start)
        if not word or word[0] not in MONTHS:
            raise ValueError(f"neither braces nor a month at {text[start : start + 40]!r}")
        return word[0], word.end()
    depth = 0
    for position in range(start, len(text)):
        # BibTeX counts every brace, an escaped one too.
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text[start + 1 : position], position + 1
    raise ValueError("a brace is never closed")


def printed(value: str) -> str:
    """What TeX prints for a value.

    Raises:
        ValueError: it holds a character that TeX would act on.
    """
    if value.startswith("{") and value.endswith("}"):
        value = value[1:-1]
    found, position = "", 0
    while position < len(value):
        for escape, mark in ESCAPES.items():
            if value.startswith(escape, position):
                found += mark
                position += len(escape)
                break
        else:
            if value[position] in "\\{}#$%&_~^":
                raise ValueError(f"TeX acts on {value[position:]!r}")
            found += value[position]
            position += 1
    return found
