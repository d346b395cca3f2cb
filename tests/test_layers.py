"""The one direction of flow: a module imports from its own folder or one further left, never from the right."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "dualtrack"

LAYERS = (
    "core",
    "sources",
    "record",
    "tracks",
    "instruments",
    "choice",
    "analyses",
    "claims",
    "articles",
    "publish",
    "api",
    "serve",
    "assistant",
    "cli",
    "__main__",
)
LONGEST = 600
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common", "stuff", "base"}


def module_name(path: Path, package: Path) -> str:
    parts = [package.name, *path.relative_to(package).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports from the package, wherever in the file it does so."""
    name = module_name(path, package)
    home = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if _ours(alias.name, package))
        elif isinstance(node, ast.ImportFrom):
            above = home.split(".")[: len(home.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            if _ours(source, package):
                yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
            text = ast.unparse(node.args[0]).strip("f").strip("'\"")
            if _ours(text, package):
                yield node.lineno, text


def _ours(name: str, package: Path) -> bool:
    return name == package.name or name.startswith(f"{package.name}.")


def layer(name: str) -> str:
    """The folder or module right under the package; empty for the package itself."""
    return name.split(".")[1] if "." in name else ""


def faults(package: Path) -> list[str]:
    """Every import that goes against the flow."""
    found = []
    for path in sorted(package.rglob("*.py")):
        here = layer(module_name(path, package))
        if here and here not in LAYERS:
            found.append(f"{here} has no place yet: say in LAYERS where it stands")
            continue
        for line, name in imported(path, package):
            there = layer(name)
            if there not in LAYERS:
                there = ""  # a name of the package itself, such as __version__
            if here and there and LAYERS.index(there) > LAYERS.index(here):
                found.append(f"{path.relative_to(package)}:{line}: {here} imports {there}")
            if here and not there and name != f"{package.name}.__version__" and name != package.name:
                found.append(f"{path.relative_to(package)}:{line}: {name} is not on the map")
            if here and name == package.name:
                found.append(f"{path.relative_to(package)}:{line}: imports the whole package")
    return found


def test_imports_flow_one_way() -> None:
    assert faults(PACKAGE) == []


SHOWS_ITSELF = {"dualtrack.core.finding", "dualtrack.core.show"}
"""The one pair that name each other: a finding has methods that show it, and ``show`` names its type."""


def circles(package: Path) -> list[list[str]]:
    """Modules that import each other, be it by way of others or for types alone: they can only be read together."""
    files = {module_name(path, package): path for path in package.rglob("*.py")}
    imports = {}
    for name, path in files.items():
        found = {there if there in files else there.rpartition(".")[0] for _, there in imported(path, package)}
        imports[name] = (found & set(files)) - {name, package.name}
    reached = {name: set(there) for name, there in imports.items()}
    for via in files:
        for there in reached.values():
            if via in there:
                there |= reached[via]
    return [
        sorted(other for other in reached[name] if name in reached[other]) for name in files if name in reached[name]
    ]


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert {name for circle in circles(PACKAGE) for name in circle} <= SHOWS_ITSELF


@pytest.mark.parametrize("first", ["from dualtrack.core.b import x", "def f():\n    from dualtrack.core import b"])
def test_a_circle_is_found(first: str, tmp_path: Path) -> None:
    folder = tmp_path / "dualtrack" / "core"
    folder.mkdir(parents=True)
    for name, text in {"a": first, "b": "from dualtrack.core.c import x", "c": "from . import a"}.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    assert circles(tmp_path / "dualtrack") == [[f"dualtrack.core.{name}" for name in "abc"]] * 3


def test_the_walk_sees_the_folders_there_are() -> None:
    seen = {layer(name) for path in PACKAGE.rglob("*.py") for _, name in imported(path, PACKAGE)}
    assert {"core", "record", "analyses", "publish", "api", "cli"} <= seen


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("core/dates.py", "from dualtrack.record.store import Record"),
        ("record/load.py", "from dualtrack.analyses import contract"),
        ("record/load.py", "import dualtrack.analyses.contract"),
        ("record/load.py", "def f():\n    from dualtrack.api import open_record"),
        ("record/load.py", "from ..analyses import contract"),
        ("record/load.py", "from .. import api"),
        ("record/load.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import dualtrack.cli"),
        ("record/load.py", "import importlib\nimportlib.import_module('dualtrack.claims')"),
        ("sources/nato.py", "from dualtrack.record.schema import schemas"),
        ("publish/tables.py", "from dualtrack.cli.know import app"),
        ("publish/tables.py", "from dualtrack.api import open_record"),
        ("api.py", "from dualtrack.cli import main"),
        ("api.py", "from dualtrack import cli"),
        ("publish/tables.py", "from dualtrack import open_record"),
        ("publish/tables.py", "import dualtrack"),
        ("odds/ends.py", "import re"),
    ],
)
def test_a_step_to_the_right_is_found(file: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "dualtrack" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    assert len(faults(tmp_path / "dualtrack")) == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("record/load.py", "from dualtrack.core.dates import spell\nfrom .schema import schemas\nimport re"),
        ("record/__init__.py", "from .load import load\nfrom . import schema"),
        ("api.py", "from dualtrack.analyses.contract import analysis"),
        ("cli/know.py", "from dualtrack import __version__\nfrom dualtrack.publish.tables import FORMATS"),
    ],
)
def test_a_step_to_the_left_is_fine(file: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "dualtrack" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    assert faults(tmp_path / "dualtrack") == []


def python_files() -> list[Path]:
    return sorted(path for folder in ("src", "tests", "scripts") for path in (ROOT / folder).rglob("*.py"))


def test_no_file_is_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_module_has_a_name_that_says_what_it_holds() -> None:
    named = [part for path in python_files() for part in path.relative_to(ROOT).with_suffix("").parts]
    assert VAGUE.isdisjoint(named)
