"""Writes new verdicts and the reason for them into a claim's file; every other character of it stays.

The file is edited where its verdicts stand, not written anew, so that comments and order are kept.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from dualtrack.claims.checking import Checked
from dualtrack.claims.claim import read_claim
from dualtrack.core.errors import BadInput
from dualtrack.core.verdict import Verdict
from dualtrack.core.wholefile import write_whole


def update(found: Checked, reason: str, day: date) -> None:
    """Records the verdicts of a run in the claim's file, with the reason in its history.

    Args:
        found: a claim judged as of when it was said and as of the latest day.
        reason: why the verdicts are others now.
        day: the day of the run.

    Raises:
        BadInput: no reason is given, or the file cannot be read or written.
    """
    if not reason.strip():
        raise BadInput("--update needs --reason TEXT.", "Say in a sentence why the verdicts are others now.")
    claim = found.claim
    assert claim.recorded
    computed = {"said": found.said, "latest": found.latest}
    recorded = {"said": claim.recorded.said, "latest": claim.recorded.latest}
    was = {name: verdict for name, verdict in recorded.items() if verdict}
    now = {name: one.verdict for name, one in computed.items() if one and one.verdict is not recorded[name]}
    if not now:
        return
    text = claim.path.read_bytes().decode("utf-8")
    text = _with_verdicts(text, now)
    text = _with_history(text, {name: was[name] for name in now if name in was}, now, reason.strip(), day)
    with tempfile.TemporaryDirectory() as folder:  # what is written must be a claim again
        trial = Path(folder) / claim.path.name
        trial.write_bytes(text.encode("utf-8"))
        read_claim(trial)
    write_whole(claim.path, text.encode("utf-8"))


def _with_verdicts(text: str, now: dict[str, Verdict]) -> str:
    recorded = _child(_root(text), "recorded")
    places = []
    for name, verdict in now.items():
        node = _child(recorded, name)
        if not isinstance(node, yaml.ScalarNode):
            raise BadInput(f"recorded holds no {name}.", "Write both verdicts: {said: …, latest: …}.")
        places.append((node.start_mark.index, node.end_mark.index, verdict.value))
    for start, end, words in sorted(places, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _with_history(text: str, was: dict[str, Verdict], now: dict[str, Verdict], reason: str, day: date) -> str:
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    node = _child(_root(text), "history")
    entry = [
        f"- date: {day.isoformat()}",
        f"  was: {_flow(was)}",
        f"  now: {_flow(now)}",
        f"  reason: {json.dumps(reason, ensure_ascii=False)}",
    ]
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        margin = " " * node.start_mark.column
        at = _end_of_line(text, max(_ends(node)))
    elif isinstance(node, yaml.SequenceNode) and not node.value and node.flow_style:
        text = text[: node.start_mark.index] + text[node.end_mark.index :]
        margin, at = "  ", _end_of_line(text, node.start_mark.index)
    elif node is None:
        margin, at = "  ", len(text.rstrip())
        entry = ["history:", *entry]
    else:
        raise BadInput("history is not a list with a line for each part.", "Write it as --update does: - date: …")
    lines = [line if line == "history:" else margin + line for line in entry]
    return text[:at] + end_of_line + end_of_line.join(lines) + (text[at:] if text[at:].strip() else end_of_line)


def _flow(verdicts: dict[str, Verdict]) -> str:
    return "{" + ", ".join(f"{name}: {verdict.value}" for name, verdict in verdicts.items()) + "}"


def _root(text: str) -> yaml.Node:
    node = yaml.compose(text, Loader=yaml.SafeLoader)  # its marks count characters, which the C loader's do not
    assert node is not None
    return node


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _ends(node: yaml.Node) -> Iterator[int]:
    """Where the scalars and bracketed parts of a node end: the end of a block lies after the comments behind it."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        yield node.end_mark.index
        return
    for item in node.value:
        for part in item if isinstance(item, tuple) else (item,):
            yield from _ends(part)


def _end_of_line(text: str, at: int) -> int:
    """Where the line that holds a place ends, before its line break; a comment behind it belongs to it."""
    if text[at - 1 : at] == "\n":  # a block of text ends with its last line
        return len(text[:at].rstrip("\r\n"))
    ends = [place for place in (text.find("\r\n", at), text.find("\n", at)) if place >= 0]
    return min(ends, default=len(text))
