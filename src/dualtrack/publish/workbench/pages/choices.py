"""Choices: which package holds up in a scenario, under whose assumptions, by how little it falls short, what flips it.

Shows what a run says (``publish.choices.told``): one of those that come with dualtrack, or a reader's own. It computes
nothing but the layout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dualtrack import __version__
from dualtrack.analyses.contract import analyses
from dualtrack.analyses.words import listed
from dualtrack.choice.priors import NEUTRAL
from dualtrack.choice.question import Question, questions
from dualtrack.choice.run import MODEL, parameters_digest
from dualtrack.choice.scenario import packaged_scenarios, read_scenario
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import finding_id
from dualtrack.publish.choices.charts.regret_cells import regret_cells
from dualtrack.publish.choices.told import Acting, Boxed, Change, Limit, Measured, Told, sets, told_of
from dualtrack.publish.site import urls
from dualtrack.publish.theme import Track
from dualtrack.publish.workbench.parts import (
    Drawing,
    Field,
    Form,
    Link,
    Listing,
    Own,
    Page,
    Part,
    Section,
    Words,
    given,
)
from dualtrack.publish.workbench.view import View
from dualtrack.record.store import Record

TITLE, ORDER = "Choices", 50
CHARTS = ("tradeoff", "regret-cells", "regret-map", "policy-map", "tornado")
_FIRST = ("warsaw-2016", "neutral", "both-tracks-best")
_SHOWN = 8  # of the nominal world's changes
_WORLDS, _SEED = 8192, 2016  # what the form asks for unless changed: as the runs that come along
_PARAMETERS = "model_parameters"


def page(view: View) -> Page:
    """The finding, packages, regret over two assumptions, the best next step, what flips it, and runs of one's own."""
    found = _told(view)
    name = view.choice("question", _questions(found), _FIRST[2])
    return Page(
        title=found.sentences[0].removesuffix("."),
        lead=f"{found.title}. {found.question} Who chooses a package: {found.chooser}. Who answers and looks "
        f"ahead: {found.adversary}. A model, not a forecast. Shares of worlds are shares of a box of assumptions, not "
        "probabilities.",
        sections=given(
            Section("asked", "What is asked", _asked(view, found, name)),
            _answer(view, found, questions()[name]),
            _packages(view, found),
            _tracks(found),
            _regret(view, found),
            _policy(found),
            _flips(found, questions()[name]),
            _assumptions(view, found),
            _runs(view),
        ),
    )


def _told(view: View) -> Told:
    """The run that the query asks for.

    Raises:
        NoSuchName: there is none.
    """
    own = view.text("run", 40)
    if own and view.runs is None:
        raise NoSuchName("run", own, [])
    if own and view.runs:
        return view.runs.told(own)
    return told_of(*_chosen(view))


def _chosen(view: View) -> tuple[str, str]:
    scenario = view.choice("scenario", list(packaged_scenarios()), _FIRST[0])
    return scenario, view.choice("priors", list(sets()), _FIRST[1])


def _questions(found: Told) -> dict[str, str]:
    """The questions that a run answers; one that was made before another was thought of does not have it."""
    return {name: one.title for name, one in questions().items() if name in found.answers}


def _scenarios(record: Record) -> dict[str, str]:
    return record.once(
        "titles of scenarios", lambda: {name: read_scenario(name, record).title for name in packaged_scenarios()}
    )


def _own_priors(record: Record, scenario: str) -> str:
    return record.once(("priors of", scenario), lambda: read_scenario(scenario, record).priors)


def _asked(view: View, found: Told, question: str) -> list[Part]:
    parts: list[Part] = []
    own = view.query.get("run")
    if own:
        text = f"These are the results of a run of your own: {found.title}, {_words(found.priors)} priors, seed "
        parts.append(Words(f"{text}{found.about['seed']}, {found.worlds[found.priors]:,} worlds.", strong=True))
        parts.append(Words(links=[
            Link("This run", f"runs/{own}"), Link("All runs", "runs"), Link("The results that come along", "choices"),
        ]))  # fmt: skip
    if view.live:
        scenario, priors = _chosen(view)
        fields = [Field("select", "question", "Question", question, _questions(found))]
        if not own:
            titles = {name: f"{_capital(name)}: {title}" for name, title in sets().items()}
            fields = [
                Field("select", "scenario", "Scenario", scenario, _scenarios(view.record)),
                Field("select", "priors", "Set of priors", priors, titles),
                *fields,
            ]
        parts.append(Form(fields, "content"))
    stale = "" if own else _stale(view.record, found)
    if stale:
        parts.append(Words(stale, strong=True))
    return parts


def _stale(record: Record, found: Told) -> str:
    """What of the results that come along does not fit the record or the program that shows them."""
    if found.about["model"] != MODEL:
        return f"These results are of model {found.about['model']}; this program has model {MODEL}: start a run anew."
    try:
        scenario = read_scenario(found.scenario, record).model_copy(update={"priors": found.priors})
        same = parameters_digest(scenario, record) == found.about["parameters_sha256"]
    except BadInput as error:
        return f"These results rest on the ranges that come with dualtrack. Your record: {error.problem}"
    if same:
        return ""
    return "Your record has other ranges of parameters than these results rest on: start a run to see what yours say."


def _answer(view: View, found: Told, asked: Question) -> Section:
    answered = found.answers[asked.id]
    parts: list[Part] = [Words(answered.headline, strong=True), Words(asked.why)]
    rows = [
        {
            "priors": _set(view, found, under.name),
            "worlds": under.worlds,
            "yes": _percent(answered.shares[under.name]),
            **{name: _percent(share) for name, share in under.best.items()},
        }
        for under in found.under
    ]
    named = list(found.under[0].best)
    columns = (
        ("priors", "Priors"), ("worlds", "Worlds"), ("yes", "Yes"), *((name, f"Best: {name}") for name in named),
    )  # fmt: skip
    note = (
        "In what share of worlds of each set the answer is yes, and in what share each of four packages is the best of "
        "the four (three brigades or none, full dialogue or none; explained and multinational all of them), with "
        "standard errors of the sample."
    )
    parts.append(Listing("The same under every set of priors", columns, rows, note=note))
    if view.live:
        link = Link("The question as a finding, with a sample of its own", _finding_of(view, asked))
        parts.append(Words(links=[link]))
    return Section("answer", "The finding, with its conditions", parts)


def _finding_of(view: View, asked: Question) -> str:
    """Where the finding that answers a question is, with what is not asked left as it usually is; it is not asked here,
    as that takes seconds."""
    usual = {p.name: p.default for p in analyses()["model"].parameters if not p.required}
    return urls.finding_of(finding_id("model", {**usual, "question": asked.id}, view.record.as_of))


def _set(view: View, found: Told, name: str) -> Link | str:
    """A set of priors, with a link to the same page under it."""
    words = _words(name)
    if not view.live or name == found.priors or view.query.get("run") or name not in sets():
        return words
    kept = {key: text for key, text in view.query.items() if key not in ("priors", "as_of", "known") and text}
    return Link(words, "choices", query={**kept, "priors": name})


def _packages(view: View, found: Told) -> Section:
    order = " · ".join(" = ".join(tier) for tier in found.tiers)
    rows = [
        {
            "package": one.name,
            "best": _percent(one.best),
            "enough": _percent(one.enough),
            "regret": _plain(one.regret),
            "ninetieth": _plain(one.ninetieth),
            "most": f"{one.most:,.0f}",
        }
        for one in found.packages
    ]
    columns = (
        ("package", "Package"), ("best", "Best"), ("enough", "Good enough"), ("regret", "Mean regret"),
        ("ninetieth", "Regret exceeded in a tenth of worlds"), ("most", "Largest regret"),
    )  # fmt: skip
    note = (
        "Best and good enough: shares of worlds. Regret: what a package falls short of the best of those compared, in "
        "about 10 bn USD of 2016. After ±, the standard error of the sample; the largest regret has none."
    )
    return Section(
        "packages",
        "Packages compared",
        [
            Words(f"By mean regret, with = where the sample cannot tell them apart: {order}.", strong=True),
            Listing("Packages", columns, rows, note=note, heading=False),
            Drawing(found.charts["tradeoff"].chart(_coverage(found))),
        ],
        Track.DETERRENCE,
    )


def _tracks(found: Told) -> Section | None:
    """What each track does to the other in one quarter; a run that was told before this was asked does not say."""
    acting = found.tracks
    if acting is None:
        return None
    named = [under.name for under in found.under]
    sets_of = [(name, _capital(name)) for name in named]
    rows = [
        {
            "what": _upper(one.title),
            "nominal": f"{one.nominal:+.3f}",
            "unit": one.unit,
            "formula": one.formula,
            "helps": one.helps,
            **{name: _percent(one.shares[name]) for name in named},
        }
        for one in acting.effects
    ]
    columns = (
        ("what", "What is acted on"), ("nominal", "Nominal world"), ("unit", "Unit"), ("formula", "Closed form"),
        ("helps", "Speaks for both where"), *sets_of,
    )  # fmt: skip
    levels = "three brigades or none, full dialogue or none; explained and multinational in all of them"
    note = (
        f"What both together do beyond what each does alone ({levels}), this quarter. Under each set: in what share of "
        "worlds that speaks for both, with standard errors. "
    )
    return Section(
        "tracks",
        "What each track does to the other",
        [
            Words(_summed(found, acting), strong=True),
            Listing("Through what one acts on the other", columns, rows, note=f"{note}{_coverage(found)}"),
            _parts(acting, f"{_coverage(found, 'the nominal world of the scenario')}"),
            Words(_sustained(found, acting)),
        ],
        Track.DETERRENCE,
    )


def _summed(found: Told, acting: Acting) -> str:
    own, neutral = (_percent(acting.value.shares[name]) for name in (found.priors, NEUTRAL))
    beside = "" if found.priors == NEUTRAL else f", under neutral ones in {neutral}"
    return (
        f"In one quarter, neither side looking ahead, each track makes the other worth more in {own} of worlds under "
        f"{_words(found.priors)} priors{beside}. That does not make both the best."
    )


def _parts(acting: Acting, coverage: str) -> Listing:
    rows = [
        {"channel": _upper(channel), "value": f"{part:+.4f}", "support": f"{acting.support.parts[channel]:+.4f}"}
        for channel, part in acting.value.parts.items()
    ]
    for label, value, support in (
        ("Left with all of these off", acting.value.rest, acting.support.rest),
        ("Together", acting.value.total, acting.support.total),
    ):
        rows.append({"channel": label, "value": f"{value:+.4f}", "support": f"{support:+.4f}"})
    columns = (
        ("channel", "Channel"), ("value", "Value of this quarter, about 10 bn USD of 2016"),
        ("support", "Support a quarter later, share of the public"),
    )  # fmt: skip
    note = (
        "The mean over all orders in which the channels may be switched on (Shapley). Over all quarters, the other "
        f"side looking ahead, both add {acting.later:+.2f} in value beyond their parts. {coverage}"
    )
    return Listing("What that adds, channel by channel", columns, rows, note=note)


def _sustained(found: Told, acting: Acting) -> str:
    told = listed([
        f"{'with' if one.dialogue else 'without'} dialogue and {'' if one.explain else 'un'}explained "
        f"{_percent(one.shares[found.priors])}"
        for one in acting.sustained
    ])  # fmt: skip
    return (
        f"Share of worlds, under {_words(found.priors)} priors, in which public support bears three brigades without "
        f"falling, pressure that rallies it left out: {told}."
    )


def _regret(view: View, found: Told) -> Section:
    names = {one.name: one.name for one in found.packages}
    axes = {name: f"{found.meaning[name]} ({name})" for name in found.axes}
    package = _one_of(view, "package", names, found.first)
    x = _one_of(view, "x", axes, next(iter(axes)))
    others = {name: text for name, text in axes.items() if name != x}
    y = _one_of(view, "y", others, next(iter(others)))
    parts: list[Part] = []
    if view.live:
        fields = [
            Field("select", "package", "Regret of", package, names),
            Field("select", "x", "Across", x, axes),
            Field("select", "y", "Upward", y, others),
        ]
        parts.append(Form(fields, "regret"))
    parts.append(Drawing(regret_cells(found, package, x, y, _coverage(found))))
    parts.append(Drawing(found.charts["regret-map"].chart(_coverage(found))))
    return Section("regret", "Regret map", parts, Track.DETERRENCE)


def _one_of(view: View, name: str, options: Mapping[str, str], default: str) -> str:
    """What the query asks for; another scenario may have no such package or assumption, and shows its first."""
    asked = view.text(name)
    return asked if asked in options else default


def _policy(found: Told) -> Section:
    return Section(
        "policy",
        "Policy map: the best next step",
        [
            Words(
                "Packages above never change. One who adapts chooses anew every quarter, by what the other side "
                "has shown of itself and by public support."
            ),
            Drawing(found.charts["policy-map"].chart(_coverage(found, "the nominal world of the scenario"))),
        ],
        Track.DETERRENCE,
    )


def _flips(found: Told, asked: Question) -> Section:
    answered = found.answers[asked.id]
    first = next(one for one in found.packages if one.name == found.first)
    parts: list[Part] = [
        Words(_box(found, found.box, f"“{found.first}” is the best of those compared", first.best), strong=True)
    ]
    parts.append(_limits(found, found.box, f"The box in which “{found.first}” is best"))
    if answered.box != found.box:
        parts.append(
            Words(f"{asked.title} {_box(found, answered.box, 'the answer is yes', answered.shares[found.priors])}")
        )
        parts.append(_limits(found, answered.box, "The box in which the answer is yes"))
    note = (
        "Over all worlds, all else varying: beyond about this value of one assumption another leads. Told only where "
        "the sample can tell; there may be more."
    )
    changes = [*_lines(found, found.changes, "least regret"), *_lines(found, answered.changes, "the answer")]
    columns = (
        ("parameter", "Assumption"), ("what", "What turns"), ("value", "At about"), ("before", "From"), ("after", "To"),
    )  # fmt: skip
    if changes:
        parts.append(Listing("Turning points over all worlds", columns, changes, note=note))
    else:
        parts.append(Words("Over all worlds the sample tells of no assumption that turns the order by itself."))
    parts.append(Drawing(found.charts["tornado"].chart(_coverage(found, "the nominal world of the scenario"))))
    nominal = [{**line, "nominal": f"{one.nominal:.3g}"} for line, one in
               zip(_lines(found, found.flips, "the best"), found.flips, strict=True)]  # fmt: skip
    columns = (
        ("parameter", "Assumption"), ("nominal", "Nominal"), ("value", "Changes at"), ("before", "From"),
        ("after", "To"),
    )  # fmt: skip
    note = "All other assumptions stay at their nominal values; those that move the advantage farthest first."
    parts.append(
        Listing("In the nominal world, one assumption alone changes which is best", columns, nominal[:_SHOWN],
                note=note, total=len(nominal))
    )  # fmt: skip
    return Section("flips", "What flips it", parts, Track.DETERRENCE)


def _box(found: Told, box: Boxed | None, what: str, share: Measured) -> str:
    """A box of assumptions as a sentence."""
    if box is None:
        return f"In {_percent(share)} of worlds {what}: nearly all or nearly none, so there is no box to tell."
    limits = listed(
        [f"{_lower(found.meaning[one.parameter])} ({one.parameter}) is {_within(one)}" for one in box.limits]
    )
    return (
        f"Where {limits or 'nothing is asked'}, {what} in {100 * box.density:.0f} percent of worlds, against "
        f"{100 * box.base:.0f} overall. That box is {100 * box.mass:.0f} percent of all worlds and holds "
        f"{100 * box.coverage:.0f} percent of those where it is so."
    )


def _within(limit: Limit) -> str:
    if limit.low is None:
        return f"below {_end(limit.high)}"
    return f"above {_end(limit.low)}" if limit.high is None else f"{_end(limit.low)} to {_end(limit.high)}"


def _end(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _limits(found: Told, box: Boxed | None, title: str) -> Part:
    if box is None:
        return Words()
    rows = [
        {"parameter": f"{found.meaning[one.parameter]} ({one.parameter})", "low": _end(one.low),
         "high": _end(one.high), "p": f"{one.p:.0e}"}
        for one in box.limits
    ]  # fmt: skip
    dropped = (
        f" {box.dropped} further limits are left out: chance would set them as often as one time in twenty."
        if box.dropped
        else ""
    )
    columns = (("parameter", "Assumption"), ("low", "From"), ("high", "To"), ("p", "By chance (quasi-p)"))
    return Listing(
        title,
        columns,
        rows,
        note=f"Found by PRIM, the patient rule induction method. Without an end: as far as the range goes.{dropped}",
    )


def _lines(found: Told, changes: Sequence[Change], what: str) -> list[dict[str, str]]:
    return [
        {
            "parameter": f"{found.meaning[one.parameter]} ({one.parameter})",
            "what": what,
            "value": f"{one.value:.3g}",
            "before": one.before,
            "after": one.after,
        }
        for one in changes
    ]


def _assumptions(view: View, found: Told) -> Section:
    about = found.about
    known = _PARAMETERS in view.record.tables
    parts: list[Part] = [
        Words(
            "All ranges are judgements; of most parameters no table of the record knows anything. Another range gives "
            "another share. The day of the page does not change these results: a scenario has a day of its own "
            f"({found.as_of})."
        ),
        Words(links=[
            Link("All assumptions, with what they rest on", "assumptions"),
            *([Link("The 51 parameters", f"tables/{_PARAMETERS}")] if known else []),
        ]),
    ]  # fmt: skip
    if found.assumed:
        rows = [
            {"parameter": f"{found.meaning[one.parameter]} ({one.parameter})", "low": f"{one.low:g}",
             "high": f"{one.high:g}", "why": one.why}
            for one in found.assumed
        ]  # fmt: skip
        columns = (("parameter", "Assumption"), ("low", "From"), ("high", "To"), ("why", "Why"))
        parts.append(Listing("Ranges of this scenario’s own", columns, rows))
    own = found.scenario in packaged_scenarios() and found.priors == _own_priors(view.record, found.scenario)
    terminal = (
        f" The same with more pictures, from a terminal: dualtrack choose explore {found.scenario} --worlds "
        f"{found.worlds[found.priors]} --seed {about['seed']} -o DIR, then dualtrack choose report DIR."
    )
    again = terminal if own else ""
    sizes = ", ".join(f"{count:,} {_words(name)}" for name, count in found.worlds.items())
    made = "" if about["dualtrack"] == __version__ else f" (this program is {__version__})"
    parts.append(
        Words(
            f"How it was made: dualtrack {about['dualtrack']}{made}, model {about['model']}, {about['method']} sample, "
            f"seed {about['seed']}, ranges {str(about['parameters_sha256'])[:12]}, scenario "
            f"{str(about['scenario_sha256'])[:12]} (SHA-256), engine {about['engine']}, parameters of "
            f"{about['record_as_of']}; {sizes} worlds. "
            f"Values of packages that never change are exact.{again}"
        )
    )
    return Section("assumptions", "Assumptions, and how it was made", parts)


def _runs(view: View) -> Section:
    if view.runs is None:
        words = (
            "Runs are started where a server of your own answers: dualtrack serve, then Choices. From a terminal: "
            "dualtrack choose explore."
        )
        return Section("runs", "A run of your own", [Words(words)])
    return Section("runs", "A run of your own", [run_form(view)])


def run_form(view: View) -> Own:
    """The form that starts a run of a reader's own."""
    scenario, priors = _chosen(view)
    shown = {
        "scenarios": _scenarios(view.record), "scenario": scenario, "sets": sets(), "priors": priors,
        "offered": view.runs, "seed": _SEED, "worlds": _WORLDS,
        "file": packaged_scenarios()[scenario].read_text("utf-8"),
    }  # fmt: skip
    return Own("workbench/run_form.html.j2", shown)


def _coverage(found: Told, where: str = "") -> str:
    place = where or f"{found.worlds[found.priors]:,} worlds, {_words(found.priors)} priors"
    return (
        f"Model {found.about['model']}, {place}, seed {found.about['seed']}, ranges "
        f"{str(found.about['parameters_sha256'])[:12]}. Ranges are judgements, not rows of the record."
    )


def _percent(share: Measured) -> str:
    return f"{100 * share.value:.1f}%" + ("" if share.error is None else f" ± {100 * share.error:.1f}")


def _plain(figure: Measured) -> str:
    return f"{figure.value:,.1f}" + ("" if figure.error is None else f" ± {figure.error:,.1f}")


def _words(name: str) -> str:
    """A set of priors as words; that of a reader's own is a file."""
    return Path(name).stem.replace("_", " ")


def _capital(name: str) -> str:
    return _upper(_words(name))


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
