"""The sentence splitter: cases in the manner of the Golden Rules list, and what must hold for any text."""

import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.articles.sentences import fingerprint, split

# Each case is the list of sentences; joined by a space (or as written, below) they are the text.
CASES = [
    ["Hello World.", "My name is Jonas."],
    ["What is your name?", "My name is Jonas."],
    ["There it is!", "I found it."],
    ["My name is Jonas E. Smith."],
    ["Please turn to p. 55."],
    ["Were Jane and co. at the party?"],
    ["They closed the deal with Pitt, Briggs & Co. at noon."],
    ["Let's ask Jane and co.", "They should know."],
    ["I can see Mt. Fuji from here."],
    ["St. Michael's Church is on 5th st. near the light."],
    ["That is JFK Jr.'s book."],
    ["I visited the U.S.A. last year."],
    ["I live in the E.U.", "How about you?"],
    ["I live in the U.S.", "How about you?"],
    ["I work for the U.S. Government in Virginia."],
    ["I have lived in the U.S. for 20 years."],
    ["At 5 a.m. Mr. Smith went to the bank.", "He left the bank at 6 p.m.", "They were waiting."],
    ["She has $100.00 in her bag.", "It is in her bag."],
    ["He teaches science (He previously worked for 5 years as an engineer.) at the local University."],
    ["Her email is jane.doe@example.com.", "I sent her an email."],
    ["The site is: https://www.example.50.com/new-site/awesome_content.html.", "Please check it out."],
    ["She turned to him, 'This is great.' she said."],
    ['She turned to him, "This is great." she said.'],
    ['She turned to him, "This is great."', "She held the book out to show him."],
    ["Hello!!", "Long time no see."],
    ["Hello??", "Who is there?"],
    ["Hello?!", "Is that you?"],
    ["1. The first item", "2. The second item"],
    ["1.) The first item", "2.) The second item"],
    ["a. The first item", "b. The second item"],
    ["• 9. The first item", "• 10. The second item"],
    ["- the first item", "- the second item"],
    ["I never meant that.... she left the store."],
    ["I wasn’t really ... well, what I mean... see . . . what I'm saying, the thing is."],
    ["“If words are left out,” he said, “you show it with an ellipsis . . . ”", "So he did."],
    ["One further habit which was somewhat weakened . . . was that of combining words.", "The practice was old."],
    # The press that is read here.
    ["Lt. Gen. Ben Hodges met Brig. Gen. J. R. Smith in Feb. 2016.", "No shots were fired."],
    ["Nos. 2 and 3 of Art. 5 apply; see No. 14 NDC.", "He said no.", "That was all."],
    ["Spending rose by 2.5 percent in 2015.", "1,215 kilometres, or 0.06 of it, face NATO."],
    ["“We need bases, bases, bases.”", "The debate goes on."],
    ["“It is unsafe.", "It is unprofessional,” said Lt. Col. Jane Roe."],
    ["Russia supported it (see the record here).", "The Cold War is over."],
    ["“There were no plans.” [laughs]"],
    ["The claim was made in 2015.[5][6]", "However, it was denied.[7]"],
    ["MINSK, August 13. /TASS/. Belarus has sent invitations.", "None was answered."],
    ["– We are ready for a dialogue – he said.", "– I intend to convene the council."],
    ["The Washington-based N. A. T. Olson wrote, e.g. Finland and i.e. Sweden, vs. Russia."],
    ["«The meeting will take place on March 30.»", "Stoltenberg said so."],
    ["The treaty was violated by Moscow.", "Reports say otherwise…", "Nobody knows."],
    ["This will run from Jan. 16 to Sept. 20.", "Then it ends."],
]


@pytest.mark.parametrize("sentences", CASES, ids=lambda case: case[0][:30])
def test_the_case_is_cut_as_a_reader_would(sentences: list[str]) -> None:
    gap = "\n" if re.match(r"(\W|\w{1,2}[.)])+ ", sentences[0]) else " "
    assert [one.text for one in split(gap.join(sentences))] == sentences


@pytest.mark.parametrize(
    ("text", "sentences", "paragraphs"),
    [
        ("A headline without a stop\n\nThe text. It goes on.\n", 3, [0, 1, 1]),
        ("NATO Back?\n\n\n  \nBy A. Writer\n\nText here.", 3, [0, 1, 2]),
        (
            "A headline\nThe first paragraph is a line. It has two sentences.\nThe second is a line too.",
            4,
            [0, 1, 1, 2],
        ),
        (
            "This paragraph was broken to a width by the program that\n"
            "sent it, as mail programs do, and the names of Russia or\n"
            "NATO may begin a line of it. A second sentence then may\n"
            "end it.",
            2,
            [0, 0],
        ),
        ("The line ends within a\nsentence once. Then not.", 2, [0, 0]),
        ("Key findings:\n- one thing\n- another thing\n- a third thing", 4, [0, 1, 2, 3]),
        ("The lost space of old.The next one stands. See nato.int for 3.5 more.", 3, [0, 0, 0]),
        ("", 0, []),
        (" \n\t \n", 0, []),
        ("***\n\nText.", 2, [0, 1]),
    ],
)
def test_paragraphs_headlines_and_lists_end_a_sentence(text: str, sentences: int, paragraphs: list[int]) -> None:
    found = split(text)
    assert len(found) == sentences
    assert [one.paragraph for one in found] == paragraphs


VISIBLE = """ NATO the Russia said U.S. Gen. No. i.e. J. 5 2.5 . ! ?! ... … " ” “ ( ) [1] - • , İ """
SPACES = [" ", " ", " ", "\n", "\n\n", "\t", "\r\n", "\x0b", "\u2028", "\x1c"]
PIECES = st.sampled_from([*VISIBLE.split(), *SPACES])
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200)


@given(TEXTS)
def test_every_character_that_is_not_space_is_in_one_sentence(text: str) -> None:
    found = split(text)
    assert [one.index for one in found] == list(range(len(found)))
    assert all(one.text == text[one.start : one.end] == one.text.strip() != "" for one in found)
    assert all(a.end <= b.start and a.paragraph <= b.paragraph for a, b in pairwise(found))
    covered = {place for one in found for place in range(one.start, one.end)}
    assert {place for place, letter in enumerate(text) if not letter.isspace()} <= covered


@given(TEXTS, TEXTS)
def test_texts_joined_by_an_empty_line_give_the_sentences_of_both(text: str, other: str) -> None:
    joined = split(f"{text}\n\n{other}")
    first, second = split(text), split(other)
    shift = len(text) + 2
    paragraphs = first[-1].paragraph + 1 if first else 0
    assert joined[: len(first)] == first
    moved = [
        replace(
            one,
            index=one.index + len(first),
            start=one.start + shift,
            end=one.end + shift,
            paragraph=one.paragraph + paragraphs,
        )
        for one in second
    ]
    assert joined[len(first) :] == moved


@pytest.mark.parametrize(
    "piece", ["word. ", ".", '."', "U.S. ", ". ", "a\n", " ", "x", ".[1", "a. (\"'", "lower\n", "- \n", "1.) ", "\r"]
)
def test_a_line_of_a_megabyte_is_cut_to_its_end(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))  # a cost that grows with the square would not end
    found = split(text)
    assert not found or found[-1].end <= len(text)


@given(TEXTS)
def test_a_fingerprint_is_blind_to_case_punctuation_and_spacing(text: str) -> None:
    shouted = re.sub(r"\s+", "  ", f"“{text}”!")
    assert fingerprint(text) == fingerprint(shouted)
    assert re.fullmatch("[0-9a-f]{12}", fingerprint(text))


def test_a_fingerprint_is_the_published_recipe() -> None:
    expected = hashlib.sha1(b"nato s 2 share is 2 5 percent").hexdigest()[:12]
    assert fingerprint("  NATO’s 2% share -- is 2.5 percent.".replace("%", " ")) == expected
    assert fingerprint("Other words.") != expected
