"""YAML read safely: plain data only, dates as text, no aliases, no tags, no double keys, bounded size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from dualtrack.core.errors import BadInput

_LIMIT = 1_000_000


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe loader that refuses double keys and keeps dates as the text they were written as."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be one word", key_node.start_mark)
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping a YAML file holds.

    Raises:
        BadInput: the file is too large or too deep, no YAML, uses an alias, a tag or a double key, or holds no
            mapping; the message names file, line and column.
    """
    if path.stat().st_size > _LIMIT:
        raise BadInput(f"{path} is larger than {_LIMIT:,} bytes.", "Split it: one idea per file.")
    try:
        text = path.read_text("utf-8")
        _refuse_unusual(path, text)
        raw = yaml.load(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise BadInput(f"{path}{place}: {error.problem or 'this is not YAML'}.", "Mend the line named.") from None
    except yaml.YAMLError as error:
        raise BadInput(f"{path}: {' '.join(str(error).split())}.", "Remove the unusual characters.") from None
    except ValueError:
        raise BadInput(f"{path}: a number is too long or not a number.", "Put text in quotes.") from None
    except RecursionError:
        raise BadInput(f"{path} is nested too deeply.", "Split it: one idea per file.") from None
    if not isinstance(raw, dict):
        raise BadInput(f"{path} holds no fields.", "Start each line with a name and a colon.")
    for key in raw:
        if not isinstance(key, str):
            raise BadInput(f"{path}: the key {key!r} is not a word.", "Put it in quotes if it is meant as one.")
    return raw


def _refuse_unusual(path: Path, text: str) -> None:
    """Refuses what YAML allows and no file of ours needs: aliases, tags, and tabs before a line."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("\t") and line.strip():
            raise BadInput(f"{path}:{number}: the line starts with a tab.", "Indent with spaces.")
    for event in yaml.parse(text, Loader=_Loader):
        line_number = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise BadInput(f"{path}:{line_number}: an alias (*) is not allowed.", "Write it out.")
        if tag := getattr(event, "tag", None):
            raise BadInput(f"{path}:{line_number}: a tag ({tag}) is not allowed.", "Write plain data.")
