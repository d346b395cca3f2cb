"""Even-handed verdicts: exchanging two states everywhere, in the record and in the claims, changes no verdict."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from dualtrack.api import OpenRecord, open_record
from dualtrack.claims.asking import Asker
from dualtrack.claims.claim import load_claims
from dualtrack.claims.judging import judgement
from dualtrack.record.store import open_folders, packaged
from dualtrack.record.table import LoadedTable
from swapped import Swap

ORIGINAL = open_record("2026-11-24")
PAIRS = [("EST", "POL"), ("USA", "RUS"), ("DEU", "BLR")]


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> Any:
    @lru_cache(maxsize=4)
    def opened(pair: tuple[str, str]) -> OpenRecord:
        swap = Swap(*pair)
        folder: Path = swap.record(packaged(), tmp_path_factory.mktemp("swapped") / "record")
        record = open_folders([folder], ORIGINAL.as_of, cls=OpenRecord)
        tables = {
            name: LoadedTable(swap.spec(table.spec), table.rows, table.lines) for name, table in record._tables.items()
        }
        return OpenRecord(tables, record._readings, record.as_of, record.compiled)

    return opened


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_exchanging_two_states_changes_no_verdict(pair: tuple[str, str], exchanged: Any) -> None:
    swap = Swap(*pair)
    one, other = Asker(ORIGINAL), Asker(exchanged(pair))
    for claim in load_claims():
        if claim.ask is None:
            continue
        found = judgement(one, claim, ORIGINAL.as_of)
        again = judgement(other, swap.claim(claim), ORIGINAL.as_of)
        assert again.verdict is found.verdict, claim.id
        verdicts = [{tuple(sorted(r.reading.items())): r.verdict for r in judged.readings} for judged in (found, again)]
        assert verdicts[0] == verdicts[1], claim.id
        assert [flip.at for flip in again.flips] == [flip.at for flip in found.flips], claim.id


def test_whose_claim_it_is_has_no_part_in_a_verdict() -> None:
    asker = Asker(ORIGINAL)
    for claim in load_claims()[:40]:
        if claim.ask is None:
            continue
        found = judgement(asker, claim, ORIGINAL.as_of)
        speaker = claim.speaker.model_copy(update={"name": "Somebody", "side": "other", "state": ""})
        again = judgement(asker, claim.model_copy(update={"speaker": speaker}), ORIGINAL.as_of)
        assert (again.verdict, again.value, again.flips) == (found.verdict, found.value, found.flips)
