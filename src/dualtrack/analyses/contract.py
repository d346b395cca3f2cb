"""What an analysis is, and how one is found by name: every module of this folder that has a ``run``."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

import dualtrack.analyses
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.record.store import Record

_FINITE = ConfigDict(allow_inf_nan=False)
_ID = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class OrFile:
    """Stands with the type of a parameter that takes an id, or the path of a file of the user's own."""


@dataclass(frozen=True)
class AtMost:
    """Stands with the type of a parameter that costs time: no more than this where many ask at once."""

    most: int


@dataclass(frozen=True)
class Parameter:
    """One parameter of an analysis, as its signature declares it."""

    name: str
    about: str
    type: Any
    default: Any
    required: bool
    or_file: bool = False
    most: int | None = None

    def parse(self, value: Any, analysis: str) -> Any:
        """The value in the parameter's type.

        Raises:
            BadInput: it cannot be one.
        """
        try:
            return self._adapter.validate_python(value)
        except ValidationError as error:
            said = error.errors()[0]["msg"]
            raise BadInput(f"{analysis}: {self.name}={value} cannot be used: {said}.", self.about) from None

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.type, config=_FINITE)


@dataclass(frozen=True)
class Analysis:
    """A question that can be asked of the record.

    ``examples`` are parameters worth asking it with: the site shows them, and the properties every analysis must
    have are tested with them.
    """

    name: str
    summary: str
    about: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., Finding]
    examples: tuple[Mapping[str, Any], ...]

    def ask(self, record: Record, given: Mapping[str, Any]) -> Finding:
        """Runs the analysis with the given parameters; the others take their defaults.

        Raises:
            BadInput: a parameter is unknown, missing or cannot be read.
        """
        return self.run(record, **self.parsed(given))

    def for_others(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The given parameters, as readers of a server may ask: no file of this machine, nothing that holds it up.

        Raises:
            BadInput: one of them may be the path of a file, or is larger than readers may ask.
        """
        for parameter in self.parameters:
            value = given.get(parameter.name)
            if parameter.or_file and value is not None and not _ID.fullmatch(str(value)):
                problem = f"{self.name}: {parameter.name}={str(value)[:40]} is no id."
                raise BadInput(problem, "Files are read by the commands alone: give an id that is on record.")
            if parameter.most is not None and value is not None:
                number = parameter.parse(value, self.name)
                if number > parameter.most:
                    problem = f"{self.name}: {parameter.name}={number} is more than is worked out here."
                    raise BadInput(problem, f"Give at most {parameter.most:,}, or use the command for more.")
        return given

    def parsed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The given parameters in their types.

        Raises:
            BadInput: a parameter is unknown, missing or cannot be read.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                meanings = {parameter.name: parameter.about for parameter in self.parameters}
                raise NoSuchName(f"parameter of {self.name}", name, list(known), meanings)
        missing = [p for p in self.parameters if p.required and p.name not in given]
        if missing:
            wanted = " ".join(f"{p.name}=…" for p in missing)
            raise BadInput(f"{self.name} needs {wanted}", "; ".join(f"{p.name}: {p.about}" for p in missing))
        return {name: known[name].parse(value, self.name) for name, value in given.items()}


@lru_cache(maxsize=1)
def analyses() -> dict[str, Analysis]:
    """All analyses by name, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules(dualtrack.analyses.__path__))
    modules = ((name, import_module(f"dualtrack.analyses.{name}")) for name in names)
    return {name: _describe(name, module) for name, module in modules if hasattr(module, "run")}


def analysis(name: str) -> Analysis:
    """The analysis of this name.

    Raises:
        NoSuchName: there is none.
    """
    if name not in analyses():
        raise NoSuchName("analysis", name, list(analyses()))
    return analyses()[name]


def _describe(name: str, module: Any) -> Analysis:
    summary, _, about = inspect.getdoc(module).partition("\n")  # type: ignore[union-attr]
    hints = get_type_hints(module.run, include_extras=True)
    parameters = []
    for parameter in list(inspect.signature(module.run).parameters.values())[1:]:
        hint = hints[parameter.name]
        base, *said = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        about_parameter = next((word for word in said if isinstance(word, str)), "")
        for limit in said:
            if limit is not about_parameter and not isinstance(limit, OrFile | AtMost):
                base = Annotated[base, limit]
        required = parameter.default is inspect.Parameter.empty
        default = None if required else parameter.default
        or_file = any(isinstance(word, OrFile) for word in said)
        most = next((word.most for word in said if isinstance(word, AtMost)), None)
        parameters.append(Parameter(parameter.name, about_parameter, base, default, required, or_file, most))
    return Analysis(
        name, summary.rstrip("."), about.strip(), tuple(parameters), module.run, tuple(getattr(module, "EXAMPLES", ()))
    )
