"""The record with the codes of two states exchanged wherever they stand as codes, and findings made comparable.

What is exchanged: the code of a row of ``states`` and every cell of type state or states, so also memberships; the
values of such columns in readings; the codes in what a schema says of how far a part was collected.

What stays: ids, group names, dates, figures, coordinates and every text. A state's name therefore travels with its
row: after exchanging EST and POL, the state with the code POL is called Estonia and has all that Estonia had. Codes
that are no states (NATO, OSCE) stay, too.
"""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from dualtrack.articles.recommendation import Recommendation
from dualtrack.claims.claim import Claim
from dualtrack.core.finding import Finding
from dualtrack.core.yamlfile import read_yaml
from dualtrack.record.schema import TableSpec, schemas

_CODES = re.compile(r"[A-Z]{3,5}([;,+/ ]+[A-Z]{3,5})*")


class Swap:
    """Two state codes that change places.

    Args:
        a: one code.
        b: the other; the same one for a swap that leaves everything as it is.
    """

    def __init__(self, a: str, b: str) -> None:
        self.a = a
        self.b = b
        self._either = re.compile(rf"(?<![A-Za-z0-9])({a}|{b})(?![A-Za-z0-9])")

    def code(self, text: str) -> str:
        """A code after the exchange."""
        return {self.a: self.b, self.b: self.a}.get(text, text)

    def codes(self, text: str) -> str:
        """Every code in a text that holds nothing but codes or an id made of them."""
        return self._either.sub(lambda found: self.code(found[0]), text)

    def parameters(self, example: dict[str, Any]) -> dict[str, Any]:
        """A question about the one state becomes the question about the other."""
        return {name: self.codes(value) if isinstance(value, str) else value for name, value in example.items()}

    def claim(self, claim: Claim) -> Claim:
        """The claim about the one state as the same claim about the other."""
        raw = claim.model_dump(exclude={"recorded"})
        for name in ("ask", "take", "test"):
            raw[name] = self._asked(raw[name])
        return Claim.model_validate({**raw, "recorded": claim.recorded})

    def request(self, request: Recommendation) -> Recommendation:
        """A recommendation whose measures ask of the one state what they asked of the other."""
        raw = request.model_dump()
        for measure in raw["measures"]:
            measure |= {name: self._asked(measure[name]) for name in ("ask", "now", "take")}
        return Recommendation.model_validate(raw)

    def _asked(self, value: Any) -> Any:
        """What a file of ours asks, with the codes exchanged wherever they stand in it."""
        if isinstance(value, dict):
            return {name: self._asked(item) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._asked(item) for item in value]
        return self.codes(value) if isinstance(value, str) else value

    def record(self, source: Path, target: Path) -> Path:
        """Writes a folder of tables and readings with the two codes exchanged."""
        target.mkdir(parents=True)
        shutil.copy(source / "record.yml", target)
        for path in sorted(source.glob("*.csv")):
            self._table(path, target / path.name)
        for path in sorted(source.glob("readings/*/*.yml")):
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(yaml.safe_dump(self._reading(read_yaml(path)), allow_unicode=True), "utf-8")
        return target

    def spec(self, spec: TableSpec) -> TableSpec:
        """A schema with the codes exchanged in what it says of how far a part was collected."""
        complete = [extent.model_copy(update={"part": self.codes(extent.part)}) for extent in spec.complete]
        return spec.model_copy(update={"complete": tuple(complete)})

    def _table(self, source: Path, target: Path) -> None:
        spec = schemas()[source.stem]
        with source.open(encoding="utf-8", newline="") as read, target.open("w", encoding="utf-8", newline="") as write:
            rows = csv.DictReader(read)
            writer = csv.DictWriter(write, rows.fieldnames or [])
            writer.writeheader()
            for row in rows:
                writer.writerow({name: self._cell(spec, name, text) for name, text in row.items()})

    def _cell(self, spec: TableSpec, name: str, text: str) -> str:
        if not _holds_codes(spec, name):
            return text
        return ";".join(self.code(part.strip()) for part in text.split(";"))

    def _reading(self, raw: dict[str, Any]) -> dict[str, Any]:
        if "sets" in raw:
            raw["sets"] = self.parameters(raw["sets"])
        for side in (raw.get("numerator"), raw.get("denominator")):
            for part in side["parts"] if side else ():
                spec = schemas()[part["table"]]
                part["where"] = {
                    name: value if not _holds_codes(spec, name)
                    else [self.code(v) for v in value] if isinstance(value, list) else self.code(value)
                    for name, value in part["where"].items()
                }  # fmt: skip
        return raw

    def comparable(self, finding: Finding, back: bool) -> Any:
        """A finding's content without order: lists as multisets, codes mapped back, texts as bags of words.

        In a text the two codes become one sign, because it may quote a text of the record, which is not changed.
        """
        raw = json.loads(finding.to_json())
        swap = self if back else Swap(self.a, self.a)
        evidence = [swap._evidence(item) for item in raw.pop("evidence")]
        return self._unordered({**swap._mapped(raw), "evidence": evidence})

    def unordered(self, raw: Any, back: bool) -> Any:
        """Anything made of lists, rows and words, without order, codes mapped back where it was exchanged."""
        swap = self if back else Swap(self.a, self.a)
        return self._unordered(swap._mapped(raw))

    def _evidence(self, item: dict[str, Any]) -> dict[str, Any]:
        spec = schemas()[item["table"]]
        coded = isinstance(item["value"], str) and _holds_codes(spec, item["field"])
        in_key = any(_holds_codes(spec, name) for name in spec.key)
        return {
            **item,
            "row": self.codes(item["row"]) if in_key else item["row"],
            "value": self.codes(item["value"]) if coded else item["value"],
        }

    def _mapped(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._mapped(key): self._mapped(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._mapped(item) for item in value]
        if isinstance(value, str) and (_CODES.fullmatch(value) or not re.search(r"\s", value)):
            return self.codes(value)
        return value

    def _unordered(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._unordered(item) for key, item in value.items()}
        if isinstance(value, list):
            return sorted((self._unordered(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        if isinstance(value, str) and not _CODES.fullmatch(value) and re.search(r"\s", value):
            return " ".join(sorted(re.sub(r"[,;:.]+(?=\s|$)", " ", self._either.sub("§", value)).split()))
        if isinstance(value, str) and _CODES.fullmatch(value):
            return "".join(sorted(re.split(r"([;,+/ ]+)", value)))
        return value


def _holds_codes(spec: TableSpec, name: str) -> bool:
    return (spec.table, name) == ("states", "state") or spec.field(name).type in ("state", "states")
