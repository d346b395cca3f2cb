"""YAML read safely: plain data only, dates as text, no aliases, no tags, no double keys, bounded size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from dualtrack.core.errors import BadInput, Fault

AnyModel = TypeVar("AnyModel", bound=BaseModel)
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
        BadInput: the file cannot be read, is too large or too deep, no YAML, uses an alias, a tag or a double key, or
            holds no mapping; the message names file, line and column.
    """
    try:
        if path.exists() and not path.is_file():
            raise BadInput(f"{path} is no file that can be read.", "Name a YAML file.")
        if path.stat().st_size > _LIMIT:
            raise BadInput(f"{path} is larger than {_LIMIT:,} bytes.", "Split it: one idea per file.")
        text = path.read_text("utf-8")
        _refuse_unusual(path, text)
        raw = yaml.load(text, Loader=_Loader)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Is it a file, and are you allowed to?") from None
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


def read_model(path: Path, model: type[AnyModel], /, **given: Any) -> AnyModel:
    """The mapping a YAML file holds as a model; ``given`` are fields that do not stand in the file.

    Raises:
        BadInput: see ``read_yaml``; or a key is missing, not known, or of the wrong kind, with file and line.
    """
    try:
        return model.model_validate({**read_yaml(path), **given})
    except ValidationError as error:
        found = error.errors()
        # a key nobody knows comes first: it may be the misspelled one of those that are missing
        first = min(found, key=lambda one: one["type"] != "extra_forbidden")
        keys = [key for key in first["loc"] if key != "[key]"]
        said = first["msg"].removeprefix("Value error, ").rstrip(".")
        told = {"missing": "is missing", "extra_forbidden": "is not known here"}.get(
            first["type"], said[:1].lower() + said[1:]
        )
        if first["type"] == "extra_forbidden":
            missing = [".".join(map(str, one["loc"])) for one in found if one["type"] == "missing"]
            told += "".join(f", and {name} is missing" for name in missing[:1])
        known = ", ".join(name for name in model.model_fields if name not in given)
        name = f"{'.'.join(map(str, keys))} " if keys else ""
        raise BadInput(
            f"{path}:{line_of(path, keys)}: {name}{told}.", f"The keys of such a file are: {known}."
        ) from None


def item_lines(path: Path, key: str) -> list[int]:
    """The line each item of a list begins in, of a file that ``read_yaml`` has read: its messages need a place."""
    root = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
    for name, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if name.value == key and isinstance(value, yaml.SequenceNode):
            return [item.start_mark.line + 1 for item in value.value]
    return []


def line_of(path: Path, keys: Sequence[str | int]) -> int:
    """The line of a key (or of an item of a list, by its number) of a file that ``read_yaml`` has read.

    Where the last keys are not there, as for one that is missing, it is the line of what should hold them.
    """
    node = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
    line = 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = [(name, value) for name, value in node.value if name.value == str(key)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return line


def as_fault(path: Path, error: BadInput) -> Fault:
    """What ``read_yaml`` said of a file, as one fault among others."""
    said = error.problem.removeprefix(str(path))
    place = re.match(r":(\d+)?(?::\d+)?:? ", said)
    problem = _upper(said[place.end() :]) if place else f"The file{said}"
    return Fault(str(path), int(place.group(1) or 0) if place else 0, "", problem, error.fix)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


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
