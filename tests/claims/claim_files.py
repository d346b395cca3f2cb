"""Claim files for tests, written as an analyst writes them."""

from pathlib import Path

TEXT = """\
# two percent, as the article of May 2016 has it
number: tst001
statement: Only Estonia and Poland spend two percent.   # in our words
variants: []
speaker: {name: A. Nalyst, role: analyst, state: DEU, side: analyst}
said: 2016-05
sources: [seed]
topic: spending
ask: {analysis: spending_guideline, parameters: {year: 2015, group: eastern_flank}}
test: {comparator: set_equal, value: [EST, POL]}
readings: [eastern_flank]
recorded: {said: supported, latest: contradicted}  # checked by hand
note: ""
"""
"""A claim that holds when it was said and does not today."""


def write(folder: Path, text: str = TEXT, name: str = "only-two") -> Path:
    """The file of a claim."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yml"
    path.write_bytes(text.encode("utf-8"))
    return path
