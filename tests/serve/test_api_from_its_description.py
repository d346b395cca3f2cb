"""The API asked whatever its own OpenAPI description allows, and what it does not: never an error of ours.

Each answer has a status, a media type and a shape that the description names; what is not allowed is refused; no
traceback, no path of this machine and no markup comes back as such.
"""

from collections.abc import Iterator
from itertools import islice

import pytest
import requests
import schemathesis.openapi
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from serving import DAY, Served

SLOW = {"/api/findings/model": 1, "/api/findings/model.csv": 0, "/api/article": 1}
"""Operations that take seconds, and how many of their positive cases are asked."""

SOAKED = settings.default is not None and settings.default.max_examples > 1_000
PER_MODE = 10_000 if SOAKED else 2


@pytest.fixture(scope="module")
def schema(served: Served) -> BaseSchema:
    found: BaseSchema = schemathesis.openapi.from_url(f"{served.address}/api/openapi.json")
    return found


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        yield made


def asked(case: Case, session: requests.Session) -> int:
    """Asks, and holds the answer against the description; a request that can be asked may still find nothing."""
    form = (case.media_type or "").startswith("multipart/")  # whose fields are text, whatever a description says
    excluded = [positive_data_acceptance, *([negative_data_rejection] if form else [])]
    reply = case.call_and_validate(session=session, timeout=120, excluded_checks=excluded)
    text = reply.content.decode("utf-8")
    assert "Traceback" not in text and "/src/dualtrack/" not in text
    content_type = reply.headers["content-type"][0]
    assert content_type.startswith(("application/json", "application/problem+json", "text/csv"))
    assert reply.headers["x-content-type-options"] == ["nosniff"]  # so that no browser takes any of it for a page
    return int(reply.status_code)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation_at_its_bounds(schema: BaseSchema, session: requests.Session, mode: GenerationMode) -> None:
    seen: dict[int, int] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith(".csv") and not SOAKED:  # the same questions, written otherwise
            continue
        config = schema.config.generation_for(operation=operation)
        cases = list(schema.iter_coverage_cases(operation, generation_modes=[mode], generation_config=config))
        most = SLOW.get(operation.path, PER_MODE) if mode is GenerationMode.POSITIVE else PER_MODE
        for case in islice(cases, 0, None, max(1, len(cases) // most) if most else len(cases)):
            status = asked(case, session)
            seen[status] = seen.get(status, 0) + 1
    assert set(seen) <= ({200, 404, 422} if mode is GenerationMode.POSITIVE else {200, 404, 405, 422})
    assert seen[200 if mode is GenerationMode.POSITIVE else 422] > 40


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_any_operation_with_anything(schema: BaseSchema, session: requests.Session, mode: GenerationMode) -> None:
    quick = schema.exclude(path=[path for path in SLOW])

    @settings(
        settings.default,
        max_examples=3_000 if SOAKED else 60,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=quick.as_strategy(generation_mode=mode, query={"as_of": DAY}))
    def ask(case: Case) -> None:
        asked(case, session)

    ask()
