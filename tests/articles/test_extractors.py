"""Quantities, states, dates, speaker and stance of invented sentences, and what must hold for any sentence."""

import csv
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.articles.dates_in_text import dates_in
from dualtrack.articles.quantities import Quantity, quantities
from dualtrack.articles.quotations import begins_quoted
from dualtrack.articles.speaker import attribution
from dualtrack.articles.states import NAMES, codes, states_in
from dualtrack.articles.tokens import word_set
from dualtrack.core.dates import first_day
from dualtrack.record.store import packaged

SAID = "2016-06-20"  # a Monday

# Sentence; low, high, unit, approx of each figure.
FIGURES: list[tuple[str, list[tuple[float, float, str, str]]]] = [
    ("The survey found that 58 percent of Germans were against and 36% in favour.",
     [(58, 58, "percent", "none"), (36, 36, "percent", "none")]),
    ("In Poland, 49% would, compared with 34% in France and 29 in Italy.",
     [(49, 49, "percent", "none"), (34, 34, "percent", "none"), (29, 29, "percent", "none")]),
    ("Roughly seven-in-ten Swedes said no.", [(70, 70, "percent", "about")]),
    ("A majority of 55 per cent of the 1,012 respondents favoured a base.",
     [(55, 55, "percent", "none"), (1012, 1012, "respondents", "none")]),
    ("Half of Americans and three quarters of Canadians agreed.",
     [(50, 50, "percent", "none"), (75, 75, "percent", "none")]),
    ("Only one in five would fight.", [(20, 20, "percent", "none")]),
    ("Support rose from 40 to 54 percent.", [(40, 40, "percent", "none"), (54, 54, "percent", "none")]),
    ("The share has nearly doubled, from 23% to 44%.",
     [(2, 2, "times", "about"), (23, 23, "percent", "none"), (44, 44, "percent", "none")]),
    ("Estimates range from 60,000 to 100,000 soldiers.", [(60000, 100000, "soldiers", "none")]),
    ("Between 60,000 and 70,000 men took part.", [(60000, 70000, "men", "none")]),
    ("There will be roughly five to ten new troops.", [(5, 10, "troops", "about")]),
    ("It has 15,000-16,000 troops.", [(15000, 16000, "troops", "none")]),
    ("Four battalions of 800 to 1,200 troops each arrived.",
     [(4, 4, "battalions", "none"), (800, 1200, "troops", "none")]),
    ("It will cost $3.4 billion, or £35bn, or 34.3 billion euros.",
     [(3.4e9, 3.4e9, "usd", "none"), (35e9, 35e9, "gbp", "none"), (34.3e9, 34.3e9, "eur", "none")]),
    ("It will take at least three to five years and $2-3 billion.",
     [(3, 5, "years", "over"), (2e9, 3e9, "usd", "none")]),
    ("Spending in the two fell (–64%) and (–42.5%).", [(2, 2, "", "none"), (-64, -64, "percent", "none"),
                                                      (-42.5, -42.5, "percent", "none")]),
    ("The grouping has grown eightfold in ten years and was halved before.",
     [(8, 8, "times", "none"), (10, 10, "years", "none"), (0.5, 0.5, "times", "none")]),
    ("Three times more exercises were held.", [(3, 3, "times", "none")]),
    ("Half a million soldiers, two and a half thousand tanks, a hundred and fifty ships",
     [(5e5, 5e5, "soldiers", "none"), (2500, 2500, "tanks", "none"), (150, 150, "ships", "none")]),
    ("Two dozen ships and a dozen helicopters came.", [(24, 24, "ships", "none"), (12, 12, "helicopters", "none")]),
    ("The 28-nation bloc has a 4,000-strong force for a 10-day drill.",
     [(28, 28, "nations", "none"), (4000, 4000, "troops", "none"), (10, 10, "days", "none")]),
    ("Two new divisions in the west and one in the south", [(2, 2, "divisions", "none"), (1, 1, "divisions", "none")]),
    ("NATO has one brigade and two battalions there.", [(1, 1, "brigades", "none"), (2, 2, "battalions", "none")]),
    ("Of 45 incidents, three were serious and 11 others were not.",
     [(45, 45, "incidents", "none"), (3, 3, "incidents", "none"), (11, 11, "incidents", "none")]),
    ("The jet came within 10 metres, in over eight months of up to 13 000 flights.",
     [(10, 10, "metres", "up_to"), (8, 8, "months", "none"), (13000, 13000, "flights", "up_to")]),
    ("Less than one-sixteenth of it and no fewer than 9,000 troops",
     [(6.25, 6.25, "percent", "under"), (9000, 9000, "troops", "over")]),
    ("Two F-16s met four MiG-31 interceptors and three Type 45 destroyers.",
     [(2, 2, "f-16s", "none"), (4, 4, "interceptors", "none"), (3, 3, "destroyers", "none")]),
    ("About 12,000 of the troops are Polish, almost 14,000 from elsewhere.",
     [(12000, 12000, "troops", "about"), (14000, 14000, "troops", "about")]),
    # no figures at all
    ("Article 5 was invoked once, in 2001, and the Vienna Document 2011 is in force.", []),
    ("The 2nd Cavalry Regiment trained for the first time with the F-16 and the Su-27.", []),
    ("Zapad 2017, BALTOPS 16 and Anakonda-16 were named by year in the 1990s.", []),
    ("Tens of thousands of troops and several ships, both new, met at 10 a.m. or 16:29.", []),
    ("On 12 January 2022, on 08.12.2016 and on June 6 through June 16, one thing was clear.", []),
    ("1. The first item (2) and the Group of 20, the Bucharest Nine and Boeing 737 [3]", []),
    ("A third division was formed in the second quarter of 2025.", []),
]  # fmt: skip

STATES = [
    ("Polish troops met those of the U.S. in Warsaw; Moscow told us so.", ["POL", "USA", "RUS"]),
    ("NATO, the EU and the Baltic states meet at the Baltic Sea.", ["nato", "eu", "baltic"]),
    ("The Alliance warned the Kremlin; the Pentagon did, too.", ["nato", "RUS", "USA"]),
    ("MINSK, 28 May (BelTA) - A summit in Brussels and talks in Vienna, Austria", ["AUT"]),
    ("The talks between Moscow and Washington follow the Berlin Wall and the Warsaw Pact.", ["RUS", "USA"]),
    ("The new government in Kyiv sent a message to Ankara by train from Riga.", ["UKR", "TUR"]),
    ("Tbilisi wants membership; Atlanta, Georgia, hosted the show.", ["GEO"]),
    ("Georgia and Türkiye, the Swiss, Danes and Finns, North Macedonia", ["GEO", "TUR", "CHE", "DNK", "FIN", "MKD"]),
    ("North Korea and South Korea, Latin America and North American airspace", ["PRK", "KOR"]),
    ("They told us in their Russian-language letter of Putin's and Merkel's.", []),
    ("The Moscow Times and the Washington Post wrote of US$ 5 million.", []),
    ("The OSCE, the CSTO and the United Nations", []),
]

DATES = [
    ("On June 6 through June 16", ["2016-06-06/2016-06-16"]),
    ("on September 12-16, 14-20 September 2017 and July 8-9", ["2016-09-12/2016-09-16", "2017-09-14/2017-09-20",
                                                            "2016-07-08/2016-07-09"]),
    ("30 August to 2 September 2015", ["2015-08-30/2015-09-02"]),
    ("Between March 2014 and March 2015", ["2014-03/2015-03"]),
    ("in the second quarter of 2025", ["2025-04/2025-06"]),
    ("He said on Thursday, and again today, that the 1997 Founding Act holds.", ["2016-06-16", "2016-06-20", "1997"]),
    ("today's world, the 1990s, Zapad 2017, 2,014 troops and 2000 troops", []),
    ("The Vienna Document 2011 of late 2011", ["2011", "2011"]),
    ("last year, next month, this year", ["2015", "2016-07", "2016"]),
    ("It will be held in July; it began in February.", ["2016-07", "2017-02"]),
    ("It began in February; in March of last year it had not.", ["2016-02", "2015-03"]),
    ("two years ago and yesterday", ["2014", "2016-06-19"]),
    ("2016-06-06 and 06.06.2016", ["2016-06-06", "2016-06-06"]),
    ("We march in step and may do so.", []),
]  # fmt: skip

SPOKEN = [
    ("Russia to deploy three divisions in west, south — Shoigu", "Shoigu", "reports"),
    ('"The drills are purely defensive," said Viktor Khrenin, the defence minister.', "Viktor Khrenin", "reports"),
    ('"The drills are purely defensive," the minister said.', "", "reports"),
    ("The Russian Defence Ministry said its planes had kept to the rules.", "Defence Ministry", "reports"),
    ("A new Levada poll shows that most see a threat.", "Levada", "reports"),
    ("According to data from SIPRI, spending rose.", "SIPRI", "reports"),
    ("According to officials, the troops have left.", "", "reports"),
    ("According to Russian officials, the troops have left.", "Russian officials", "reports"),
    ("TASS quoted Deputy Foreign Minister Sergey Ryabkov as saying talks were useless.", "Sergey Ryabkov", "reports"),
    ("Interfax reported, citing Sergei Shoigu, that divisions would be formed.", "Sergei Shoigu", "reports"),
    ("The deployment, Russian Foreign Minister Sergey Lavrov said, violates the act.", "Sergey Lavrov", "reports"),
    ("NATO members have tried to meet and underlined that they are open.", "NATO members", "reports"),
    ("Stoltenberg: NATO does not seek confrontation", "Stoltenberg", "reports"),
    ("Moscow has repeatedly denied sending troops.", "Moscow", "denies"),
    ("Allegations that the bloc broke a promise are baseless.", "", "denies"),
    ("Myth: the bloc promised not to expand.", "", "denies"),
    ("Four battalions arrived in the four states.", "", "asserts"),
    ("The four are led by Britain, Canada, Germany and the United States.", "", "asserts"),
    ("Shoigu was quoted by TASS as saying that the drills were over.", "Shoigu", "reports"),
    ("Stoltenberg made it clear that the door stays open.", "Stoltenberg", "reports"),
    ("Kyiv expressed concern about the drills.", "", "asserts"),
    ("The fence, announced on Friday, will be 200 kilometres long.", "", "asserts"),
    ("China said it opposed expansion, while Moscow warned of a response.", "China", "reports"),
    ('"We have seen 87 aircraft," Lt. Col. Jane Roe, a U.S. Army spokeswoman, said Wednesday.', "Jane Roe", "reports"),
    ("All members, including those long accused of blocking it, agreed.", "", "asserts"),
]


@pytest.mark.parametrize(("sentence", "expected"), FIGURES)
def test_figures(sentence: str, expected: list[tuple[float, float, str, str]]) -> None:
    assert [(one.low, one.high, one.unit, one.approx) for one in quantities(sentence)] == expected


@pytest.mark.parametrize(("sentence", "expected"), STATES)
def test_states(sentence: str, expected: list[str]) -> None:
    assert codes(states_in(sentence)) == expected


@pytest.mark.parametrize(("sentence", "expected"), DATES)
def test_dates(sentence: str, expected: list[str]) -> None:
    assert [one.iso for one in dates_in(sentence, SAID)] == expected


@pytest.mark.parametrize(("sentence", "speaker", "stance"), SPOKEN)
def test_speaker_and_stance(sentence: str, speaker: str, stance: str) -> None:
    found = attribution(sentence)
    assert (found.speaker if not speaker else speaker in found.speaker, found.stance) == (bool(speaker) or "", stance)


def test_without_the_articles_day_only_what_is_written_counts() -> None:
    found = dates_in("On Thursday, in May, last year, on 6 June and on 6 June 2016")
    assert [one.iso for one in found if one.iso] == ["2016-06-06"]


def test_a_quotation_runs_on_over_sentences() -> None:
    sentences = ['He said: "We agree.', "We always did.", 'Nothing changes."', "That was all.", "“It is.", "It was.”"]
    quoted = begins_quoted(sentences)
    assert quoted == [False, True, True, False, False, True]
    assert attribution(sentences[1], quoted[1]).stance == "reports"
    assert attribution(sentences[1]).stance == "asserts"


def test_every_state_of_the_record_has_names_and_its_own_name_is_one() -> None:
    with (packaged() / "states.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert codes(states_in(f"{row['name']} agreed.")) == [row["state"]], row["name"]
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        for name in filter(None, (row["names"] + ";" + row["people"]).split(";")):
            found = states_in(f"It is {name}, they wrote.")
            assert [one.code for one in found] == [row["code"]], name


PIECES = (
    "about five to ten 12,700 % percent $3.4 billion - – — 2016 May 6 June of the and troops Su 27 one third half "
    "a dozen Moscow in Russian NATO said that “ ” \" ' ( ) , . ; : between from two hundred thousand 0 00 last year "
    "Thursday U.S. according to not €"
)
SENTENCES = st.lists(st.sampled_from(sorted(word_set(PIECES))), max_size=25).map(" ".join) | st.text(max_size=80)


@given(SENTENCES, st.sampled_from(["", "2016", "2016-05", "2016-05-09"]))
def test_finds_lie_in_the_sentence_in_order_and_apart(sentence: str, said: str) -> None:
    for found in (quantities(sentence), dates_in(sentence, said), states_in(sentence)):
        assert all(0 <= one.start < one.end <= len(sentence) for one in found)
        assert all(one.text == sentence[one.start : one.end] for one in found)
        assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(one.low <= one.high for one in quantities(sentence))
    for one in dates_in(sentence, said):
        for part in filter(None, one.iso.split("/")):
            first_day(part)
    assert attribution(sentence).speaker in sentence


SMALL = {
    0: "zero", 1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine",
    10: "ten", 11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen",
    17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "twenty", 30: "thirty", 40: "forty", 50: "fifty",
    60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety",
}  # fmt: skip


def words_of(number: int) -> str:
    """A number below a million in words."""
    if number in SMALL:
        return SMALL[number]
    if number < 100:
        return f"{SMALL[number // 10 * 10]}-{SMALL[number % 10]}"
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    rest = number % size
    return f"{words_of(number // size)} {name}" + (f"{' and' if rest < 100 else ''} {words_of(rest)}" if rest else "")


def only(sentence: str) -> Quantity:
    (found,) = quantities(sentence)
    return found


@given(st.integers(min_value=2, max_value=999_999))
def test_a_number_is_the_same_with_separators_and_in_words(number: int) -> None:
    printed = only(f"They counted {number:,} ships off the coast.")
    spelled = only(f"They counted {words_of(number)} ships off the coast.")
    assert printed.low == printed.high == spelled.low == spelled.high == number
    assert printed.unit == spelled.unit == "ships"


@given(st.integers(min_value=1, max_value=9_999), st.integers(min_value=1, max_value=9_999))
def test_a_range_keeps_its_bounds(low: int, more: int) -> None:
    found = only(f"There are between {low:,} and {low + more:,} troops.")
    assert (found.low, found.high, found.unit) == (low, low + more, "troops")


@pytest.mark.parametrize(
    "piece",
    ["1,234", "12,", "9-", "5 to ", "two ", "and ", "$", "Moscow ", "Russian ", "of the ", "said ", "Monday ",
     "in 2016 ", "January 1 to ", "“", "one in ", "A", "-", "twenty-",
     "more than ", "hundred ", "U.S. ", "that ", ", the ", "May "],
)  # fmt: skip
def test_a_long_run_of_one_piece_is_read_to_its_end(piece: str) -> None:
    sentence = piece * (8_000 // len(piece))  # a cost that grows with a power of the length would not end
    for found in (*quantities(sentence), *dates_in(sentence, SAID), *states_in(sentence)):
        assert 0 <= found.start < found.end <= len(sentence)
    assert attribution(sentence).stance in ("asserts", "denies", "reports")
