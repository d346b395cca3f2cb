"""YAML is read as plain data, or refused with the file and line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.errors import BadInput
from dualtrack.core.yamlfile import read_yaml


def read(text: str | bytes, folder: Path) -> dict[str, object]:
    path = folder / "file.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_yaml(path)


def test_dates_stay_the_text_they_are(tmp_path: Path) -> None:
    raw = read("day: 2016-05-09\nmonth: 2016-05\nmoment: 2016-05-09T10:00:00Z\n", tmp_path)
    assert raw == {"day": "2016-05-09", "month": "2016-05", "moment": "2016-05-09T10:00:00Z"}


def test_plain_data_comes_through(tmp_path: Path) -> None:
    text = "a: [1, 2.5, text, null]\nb: {c: yes, 'd': 'no'}\ne: >-\n  two\n  lines\n"
    assert read(text, tmp_path) == {"a": [1, 2.5, "text", None], "b": {"c": True, "d": "no"}, "e": "two lines"}


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a: 1\nb: &x [1]\nc: *x\n", ":3", "an alias"),
        ("a: &x\n  b: *x\n", ":2", "an alias"),
        ("a: 1\nb: 2\na: 3\n", ":3:1", "the key 'a' stands twice"),
        ("a:\n  b: 1\n  b: 2\n", ":3:3", "the key 'b' stands twice"),
        ("a: 1\n\tb: 2\n", ":2", "starts with a tab"),
        ("a:\n\t- b\n", ":2", "starts with a tab"),
        ("a: [1, 2\nb: 3\n", ":2", "expected ',' or ']'"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", ":2", "a tag"),
        ("a: 1\nb: !!int abc\n", ":2", "a tag"),
        ("a: 1\nb: !mine x\n", ":2", "a tag"),
        ("a: !!map {b: 1}\n", ":1", "a tag"),
        ("a: !!set [b]\n", ":1", "a tag"),
        ("a: 1\n? [b, c]\n: 2\n", ":2", "a key"),
        ("a: 1\n? {b: c}\n: 2\n", ":2", "a key"),
        ("a: 1\n2: 3\n", "", "the key 2 is not a word"),
        ("a: 1\n---\nb: 2\n", ":2", "but found another document"),
        ("- a\n- b\n", "", "holds no fields"),
        ("text", "", "holds no fields"),
        ("", "", "holds no fields"),
        ("# only a comment\n", "", "holds no fields"),
        ("a: \x07\n", "", "control characters"),
        ("a: " + "1" * 5000, "", "too long"),
        ("a: " + "[" * 600 + "]" * 600, "", "nested too deeply"),
        ("a: " + "{b: " * 600 + "1" + "}" * 600, "", "nested too deeply"),
        ("a: " + "[" * 100_000, "", ""),
        ("a: '" + "x" * 1_000_000 + "'", "", "larger than 1,000,000 bytes"),
        (b"a: 1\nb: caf\xe9\n", "", "not UTF-8 text (byte 11)"),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_refused_with_its_place(
    text: str | bytes, place: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput) as caught:
        read(text, tmp_path)
    assert f"file.yml{place}" in str(caught.value)
    assert problem in str(caught.value)
    assert caught.value.fix
    assert len(str(caught.value)) < 1000


@given(st.text(alphabet="ab:-?[]{},&*!#|>'\"%@` \n\t1", max_size=40))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    try:
        assert isinstance(read(text, tmp_path_factory.getbasetemp()), dict)
    except BadInput as error:
        assert "file.yml" in str(error)
