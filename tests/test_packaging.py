"""What is promised about the package itself: one version, a lock that covers it, data that ships with it."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import dualtrack

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "dualtrack"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

CORE = [Requirement(text) for text in PYPROJECT["project"]["dependencies"]]
EXTRAS = [Requirement(t) for texts in PYPROJECT["project"]["optional-dependencies"].values() for t in texts]
TOOLS = [Requirement(t) for texts in PYPROJECT["dependency-groups"].values() for t in texts]
BUILD = [Requirement(text) for text in PYPROJECT["build-system"]["requires"]]
DECLARED = CORE + EXTRAS + TOOLS + BUILD


def locked() -> list[tuple[Requirement, list[str]]]:
    """Each requirement of the lock with its hashes."""
    text = "\n".join(line for line in LOCK.splitlines() if not line.lstrip().startswith("#"))
    logical = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    found = []
    for line in logical:
        requirement, _, hashes = line.partition(" --hash=")
        found.append((Requirement(requirement.strip()), re.findall(r"sha256:[0-9a-f]{64}\b", hashes)))
    return found


def names(requirements: list[Requirement]) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements}


def test_version_is_held_in_one_place() -> None:
    assert "version" in PYPROJECT["project"]["dynamic"]
    assert version("dualtrack") == dualtrack.__version__
    quoted = re.compile(rf"""["']{re.escape(dualtrack.__version__)}["']""")
    holders = [path for path in PACKAGE.rglob("*.py") if quoted.search(path.read_text(encoding="utf-8"))]
    assert holders == [PACKAGE / "__init__.py"]


def test_citation_names_this_version_and_what_the_format_requires() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == dualtrack.__version__
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"] and citation["title"] and citation["authors"]


def test_lock_names_no_address() -> None:
    for line in LOCK.splitlines():
        assert "://" not in line and " @ " not in line, line
        assert re.match(r"#|\s+#|\s+--hash=sha256:|[a-z0-9]", line), line


def test_lock_pins_everything_exactly_and_by_hash() -> None:
    assert len(locked()) > len(DECLARED) / 2
    for requirement, hashes in locked():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert hashes, requirement


@pytest.mark.parametrize("python", ["3.11", "3.14"])
@pytest.mark.parametrize("wanted", DECLARED, ids=str)
def test_lock_covers_what_is_declared(wanted: Requirement, python: str) -> None:
    environment = {**default_environment(), "python_version": python, "python_full_version": f"{python}.0"}
    pins = [
        pin
        for pin, _ in locked()
        if canonicalize_name(pin.name) == canonicalize_name(wanted.name)
        and (pin.marker is None or pin.marker.evaluate(environment))
    ]
    assert len(pins) == 1
    pinned = str(pins[0].specifier).removeprefix("==")
    assert wanted.specifier.contains(pinned), f"{wanted} is locked as {pinned}: run make lock"


def test_dependency_notes_name_everything_declared() -> None:
    notes = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    missing = {name for name in names(DECLARED) if f"`{name}`" not in notes}
    assert not missing


def imports(path: Path) -> list[tuple[str, bool]]:
    """Names of the modules a file imports, and whether merely importing the file imports them."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    deferred = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(outer, ast.If) and "TYPE_CHECKING" in ast.unparse(outer.test))
        for inner in ast.walk(outer)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) not in deferred) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                found.append((name, id(node) not in deferred))
    return found


def test_imports_are_declared_and_extras_are_imported_only_where_used() -> None:
    """What needs an extra is imported in a function, or by modules that need it too, the first in a function."""
    providers = packages_distributions()

    def provided(module: str, by: set[str]) -> bool:
        top = module.partition(".")[0]
        own = {canonicalize_name(name) for name in providers.get(top, [])}
        return top in sys.stdlib_module_names or top == "dualtrack" or bool(by & own)

    found = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): imports(path)
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    declared = names(CORE + EXTRAS)
    assert not [(own, module) for own, all_ in found.items() for module, _ in all_ if not provided(module, declared)]
    at_once = {own: {module for module, at_import in all_ if at_import} for own, all_ in found.items()}
    need = {own for own, modules in at_once.items() if not all(provided(module, names(CORE)) for module in modules)}
    while more := {own for own, modules in at_once.items() if modules & need} - need:
        need |= more
    first = need - set().union(*(at_once[own] for own in need))
    in_functions = {module for own, all_ in found.items() for module, at_import in all_ if not at_import}
    assert not first - in_functions


def test_wheel_carries_every_file_of_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    present = {
        path.relative_to(ROOT / "src").as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert present <= packed
    assert {Path(name).name for name in packed if "/licenses/" in name} == {"LICENSE", "LICENSE-DATA"}
