"""Reading articles: text, pages and PDFs, and everything that is none."""

import io
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.articles.article import LARGEST, read_article
from dualtrack.articles.bounded import Unreadable, bounded
from dualtrack.articles.language import is_english
from dualtrack.core.errors import BadInput

ENGLISH = (
    "The NATO-Russia Council met three times in 2016, after a silence of almost two years. Officials said that the "
    "talks were frank. Russia announced that three new divisions would be formed in the west of the country."
)
OTHERS = {
    "German": "Der NATO-Russland-Rat trat 2016 dreimal zusammen, nachdem er fast zwei Jahre geschwiegen hatte. Die "
    "Gespräche seien offen gewesen, sagte der Generalsekretär, und die Verbündeten wollen sie fortsetzen.",
    "French": "Le Conseil OTAN-Russie s'est réuni trois fois en 2016, après un silence de presque deux ans. Les "
    "discussions ont été franches, a dit le secrétaire général, et les alliés veulent les poursuivre.",
    "Dutch": "De NAVO-Ruslandraad kwam in 2016 drie keer bijeen, na een stilte van bijna twee jaar. De gesprekken "
    "waren open, zei de secretaris-generaal, en de bondgenoten willen ermee doorgaan in het najaar.",
    "Polish": "Rada NATO-Rosja zebrała się w 2016 roku trzy razy, po prawie dwóch latach milczenia. Rozmowy były "
    "szczere, powiedział sekretarz generalny, a sojusznicy chcą je kontynuować.",
    "Russian": "Совет Россия-НАТО собирался в 2016 году трижды после почти двух лет молчания. Разговор был "
    "откровенным, сказал генеральный секретарь, и союзники намерены его продолжить.",
}


def write(path: Path, data: str | bytes) -> str:
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return str(path)


def pdf(text: str, *, filler: bytes = b"") -> bytes:
    """A PDF of one page, written out by hand."""
    lines = " ".join(f"({line}) Tj 0 -16 Td" for line in text.split("\n"))
    stream = zlib.compress(f"BT /F1 12 Tf 72 700 Td {lines} ET".encode("latin-1") + filler)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 612 792]"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def test_text_in_usual_encodings(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        text = ENGLISH.replace("frank", "“frank”")
        found = read_article(write(tmp_path / "a.txt", text.encode(encoding)), "2016-05")
        assert found.text == text
        assert found.date == "2016-05"


def test_a_web_page_gives_its_text_date_and_title(tmp_path: Path) -> None:
    page = (
        "<!doctype html><html><head><title>Talks</title><meta name='date' content='2016-05-03'></head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>Talks</h1><p>{ENGLISH}</p><p>{ENGLISH}<script>alert(1)</script>"
        "</p></article><footer>All rights reserved</footer></body></html>"
    )
    found = read_article(write(tmp_path / "a.html", page))
    assert found.date == "2016-05-03"
    assert ENGLISH in found.text
    assert "alert" not in found.text
    assert "All rights" not in found.text


def test_a_pdf_gives_its_paragraphs(tmp_path: Path) -> None:
    text = (
        "The Council met three times in 2016, after a long si-\nlence of two years.\n"
        "The talks were frank, and they will be held again."
    )
    found = read_article(write(tmp_path / "a.pdf", pdf(text)))
    assert "after a long silence of two years." in found.text


@pytest.mark.parametrize("language", OTHERS)
def test_another_language_is_told_plainly(tmp_path: Path, language: str) -> None:
    assert is_english(ENGLISH)
    with pytest.raises(BadInput, match="English only so far"):
        read_article(write(tmp_path / "a.txt", OTHERS[language]))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "holds no text"),
        ("a.txt", b"  \n\n 12 34 \n", "holds no text"),
        ("a.txt", b"\x00\x01\x02\x03" * 400, "control characters"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is not text"),
        ("a.txt", b"a word and the other " * (LARGEST // 20), "larger than"),
        ("a.pdf", b"%PDF-1.4\nnothing more", "cannot be read as a PDF"),
        ("a.pdf", b"%PDF-" + b"\xff" * 3000, "cannot be read as a PDF"),
        ("a.html", b"<html><body></body></html>", "no article was found"),
        ("a.html", b"<html><body>" + b"<div>" * 100_000 + b"the end", "cannot be read as a web page"),
    ],
)
def test_what_is_no_article_is_told(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as error:
        read_article(write(tmp_path / name, data))
    assert error.value.fix


def test_a_pdf_that_swells_is_ended(tmp_path: Path) -> None:
    bomb = pdf("The Council met in 2016 and it was good.", filler=b" " * 400_000_000)
    assert len(bomb) < 1_000_000
    with pytest.raises(BadInput, match="cannot be read as a PDF"):
        read_article(write(tmp_path / "bomb.pdf", bomb))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(BadInput, match="There is no article"):
            read_article(str(place))


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(Unreadable, match="more than"):
        bounded("dualtrack.articles.pdf", pdf("x"), seconds=0.01)


@settings(max_examples=40)
@given(st.binary(max_size=400))
def test_any_bytes_are_an_article_or_a_message(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    if data.startswith(b"%PDF-"):
        return
    path = tmp_path_factory.mktemp("any") / "a.txt"
    try:
        read_article(write(path, data))
    except BadInput as error:
        assert error.fix
