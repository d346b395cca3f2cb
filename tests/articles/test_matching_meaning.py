"""The pieces of words, the file of weights and the encoder, on the installed weights."""

import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.articles.matching import minilm, safetensors
from dualtrack.articles.matching.minilm import LIMIT, MiniLM
from dualtrack.articles.matching.vectors import encoded
from dualtrack.articles.matching.wordpiece import WordPiece, words
from dualtrack.core.errors import BadInput

MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
SMALL = WordPiece(
    [*MARKS, "un", "##aff", "##able", "##a", "nato", ",", "!", "12", "##00", "zur", "##ich", "a", "##b", "核"]
)


@pytest.fixture(scope="module")
def encoder() -> MiniLM:
    found = minilm.installed()
    assert found is not None, "make installs the weights"
    return found


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("unaffable", ["un", "##aff", "##able"]),
        ("NATO, NATO!", ["nato", ",", "nato", "!"]),
        ("Zürich", ["zur", "##ich"]),
        ("1200", ["12", "##00"]),
        ("12,00", ["12", ",", "[UNK]"]),
        ("nato核nato", ["nato", "核", "nato"]),
        ("abba", ["a", "##b", "##b", "##a"]),
        ("ax", ["[UNK]"]),
        ("a" * 101, ["[UNK]"]),
        ("a" * 100, ["a", *["##a"] * 99]),
        ("na\u200bto \x00 \t nato", ["nato", "nato"]),
        ("", []),
    ],
)
def test_words_are_cut_into_the_longest_pieces(text: str, pieces: list[str]) -> None:
    table = [*MARKS, "un", "##aff", "##able", "##a", "nato", ",", "!", "12", "##00", "zur", "##ich", "a", "##b", "核"]
    assert [table[at] for at in SMALL.numbers(text, 200)] == ["[CLS]", *pieces, "[SEP]"]


@given(st.text(max_size=60), st.integers(2, 12))
def test_a_text_never_has_more_pieces_than_asked_for(text: str, limit: int) -> None:
    numbers = SMALL.numbers(text, limit)
    assert numbers[0] == SMALL.start and numbers[-1] == SMALL.end and len(numbers) <= limit
    assert numbers[1:-1] == SMALL.numbers(text, 10_000)[1:-1][: limit - 2]


@given(st.text(max_size=60))
def test_case_and_spacing_do_not_matter(text: str) -> None:
    assert words(text) == words(f"  {text}\n") == words(" ".join(words(text)))


def test_pieces_of_the_vocabulary_that_came_with_the_weights(encoder: MiniLM) -> None:
    # the example of the BERT paper's repository, and its published numbers
    assert encoder.pieces.numbers("Hello world", LIMIT) == [101, 7592, 2088, 102]


def test_vectors_are_the_published_ones(encoder: MiniLM) -> None:
    # what the documentation of Sentence-BERT prints for this model
    vectors = encoder.encode(
        ["This framework generates embeddings for each input sentence", "This is an example sentence"]
    )
    np.testing.assert_allclose(
        vectors[0][:5], [-0.01371734, -0.04285153, -0.01562863, 0.01405379, 0.03955373], atol=2e-6
    )
    np.testing.assert_allclose(vectors[1][:5], [0.0676569, 0.0634959, 0.0487131, 0.0793049, 0.0374480], atol=2e-6)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(st.sampled_from("abc ,.NATO0éж"), max_size=80), min_size=1, max_size=6))
def test_a_text_has_the_same_vector_in_whatever_company(encoder: MiniLM, texts: list[str]) -> None:
    together = encoder.encode(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(encoder.encode([text])[0], vector, atol=2e-5)


def test_a_paraphrase_is_nearer_than_another_theme(encoder: MiniLM) -> None:
    a, b, c = encoder.encode(
        [
            "Soldiers of the alliance moved to Poland.",
            "Allied troops deployed on Polish soil.",
            "The bakery sells rye bread.",
        ]
    )
    assert a @ b > 0.6 > 0.3 > a @ c


def test_no_text_is_no_vector(encoder: MiniLM) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    folder = minilm.folder()
    assert folder is not None
    shutil.copy(folder / "vocab.txt", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(
        BadInput, match=r"not the file that was measured: its sha256 is [0-9a-f]{64}, expected 53aa5117"
    ):
        MiniLM(tmp_path)
    (tmp_path / "vocab.txt").write_text("[UNK]\n", "utf-8")
    with pytest.raises(BadInput, match=r"vocab\.txt is not the file"):
        MiniLM(tmp_path)
    (tmp_path / "vocab.txt").unlink()
    with pytest.raises(BadInput, match=r"vocab\.txt cannot be read"):
        MiniLM(tmp_path)


def tensors_file(header: object, data: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


@given(st.lists(st.floats(-10, 10, width=32), min_size=6, max_size=6))
def test_what_was_written_is_read(numbers: list[float]) -> None:
    data = np.array(numbers, "<f4").tobytes()
    header = {
        "__metadata__": {"format": "pt"},
        "a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
        "b": {"dtype": "F32", "shape": [2], "data_offsets": [16, 24]},
    }
    found = safetensors.read(tensors_file(header, data), "file")
    assert found["a"].ravel().tolist() + found["b"].tolist() == np.array(numbers, np.float32).tolist()
    assert set(found) == {"a", "b"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 8,
        struct.pack("<Q", 5) + b"{no}}",
        tensors_file([1]),
        tensors_file({"a": {"dtype": "F99", "shape": [1], "data_offsets": [0, 4]}}, b"1234"),
        tensors_file({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, b"1234"),
        tensors_file({"a": {"dtype": "F32", "shape": [1]}}, b"1234"),
        tensors_file({"a": 3}),
    ],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="weights is no safetensors file that can be read"):
        safetensors.read(data, "weights")


def test_vectors_are_kept_and_taken_up_again(encoder: MiniLM, tmp_path: Path) -> None:
    first = encoded(encoder, ["one fleet", "two fleets", "one fleet"], tmp_path)
    [file] = tmp_path.iterdir()
    assert b"fleet" not in file.read_bytes()

    class Forbidden:
        def encode(self, texts: list[str]) -> np.ndarray:
            raise AssertionError(f"encoded again: {texts}")

    again = encoded(Forbidden(), ["two fleets", "one fleet"], tmp_path)  # type: ignore[arg-type]
    assert np.array_equal(again, first[[1, 0]])
    more = encoded(encoder, ["three fleets", "one fleet"], tmp_path)
    assert np.array_equal(more[1], first[0])


def test_a_file_of_vectors_that_is_none_is_told(encoder: MiniLM, tmp_path: Path) -> None:
    encoded(encoder, ["one"], tmp_path)
    [file] = tmp_path.iterdir()
    file.write_bytes(b"no zip")
    with pytest.raises(BadInput, match="holds no vectors that can be read"):
        encoded(encoder, ["one"], tmp_path)
