"""An annotated article as a page: the text, and beside each sentence a card with the answer."""

from __future__ import annotations

from dataclasses import dataclass

from dualtrack import __version__
from dualtrack.articles.annotation import Annotated, Annotation
from dualtrack.core.dates import spell
from dualtrack.publish.articles.words import Answer, answer, summary
from dualtrack.publish.pages.template import templates
from dualtrack.publish.theme import DARK, LIGHT, css_variables


@dataclass(frozen=True)
class _Marked:
    """A sentence and its answer, which may be none."""

    one: Annotation
    answer: Answer | None


def as_html(found: Annotated, home: str = "") -> str:
    """A page that stands alone, without script; all text of the article and of claims is escaped.

    Args:
        found: the annotated article.
        home: where a reader came from; left out where the page stands alone.
    """
    paragraphs: dict[int, list[_Marked]] = {}
    for one in found.sentences:
        paragraphs.setdefault(one.sentence.paragraph, []).append(_Marked(one, answer(one, found)))
    schemes = f":root{{{css_variables(LIGHT)}}}@media(prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}}}"
    return (
        templates()
        .get_template("articles/page.html.j2")
        .render(
            found=found,
            home=home,
            title=found.article.title or found.article.name,
            summary=summary(found),
            then=spell(found.day) if found.day else "",
            today=spell(found.today),
            paragraphs=list(paragraphs.values()),
            schemes=schemes,
            version=__version__,
        )
    )
