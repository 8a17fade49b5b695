"""Load by batches: whole filings only, the same as one by one, whatever dies; searches go on meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.etl.engine import Here
from core.etl.load import Analyse, Batch, load_filings
from core.etl.pipeline import Outcome, transform_filings
from core.etl.shards import Shards
from core.etl.source import discover
from core.store import bulk as bulk_module
from core.store.bulk import Bulk
from core.store.index import index_chunks
from core.store.load import load
from core.store.quarantine import quarantined
from tests.integration.test_search import Counted, Random, Remembering, Words, find

SAMPLES = Path(__file__).parents[2] / "samples"
COUNT = 9


@pytest.fixture
def shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shards:
    """The samples in shards of two filings, and so batches of two."""
    monkeypatch.setattr("core.etl.pipeline._SHARD_FILINGS", 2)
    made = Shards(tmp_path)
    transform_filings(discover([SAMPLES]), made, Counted(), Here())
    return made


def models() -> tuple[Words, Random]:
    return Words(), Random(8)


def run(database: str, shards: Shards, engine: Any = None, models: Any = models) -> Outcome:
    with psycopg.connect(database, autocommit=True) as conn:
        return load_filings(shards, Bulk(conn).destination(models, 1), Counted(), engine or Here())


def stored(database: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that was loaded, times and numbers of terms aside."""
    queries = {
        "filing": "select rcept_no, digest, supersedes, superseded_by, changes, warnings from filing",
        "company": "select * from company",
        "figure": "select rcept_no, ordinal, account_key, value::text, cell, concept from figure",
        "passage": "select * from passage",
        "chunk": "select chunk_id, header, content, embedding::text, visible from chunk",
        "term": "select term, df from term where df > 0",
        "keyword": "select chunk_id, length, (select array_agg((term.term, count) order by term.term)"
        " from unnest(terms, counts) u (id, count) join term using (id)) from keyword",
        "weights": "select chunk_id, round(l2_norm(weights)::numeric, 4) from keyword",
        "statistics": "select chunks, length, avgdl from keyword_statistics",
    }
    with psycopg.connect(database) as conn:
        return {name: sorted(conn.execute(query).fetchall(), key=str) for name, query in queries.items()}


def test_batches_leave_what_one_filing_at_a_time_leaves(
    database: str, shards: Shards, empty_database: str
) -> None:
    from core.etl.filing import read_filing
    from core.store.connect import check_server, migrate_database

    outcome = run(database, shards)
    assert len(outcome.loaded) == COUNT
    check_server(empty_database)
    migrate_database(empty_database)
    with psycopg.connect(empty_database, autocommit=True) as conn:
        for source in discover([SAMPLES]):
            load(conn, [read_filing(source)[0]], lambda c, new: index_chunks(c, new, *models()))
    assert stored(database) == stored(empty_database)
    assert len(stored(database)["chunk"]) > 20

    before = stored(database)
    again = run(database, shards, engine=Broken())
    assert (again.loaded, again.quarantined) == ([], [])
    assert stored(database) == before


class Broken:
    """An engine that must not be asked."""

    def map(self, work: Any, tasks: Any) -> Iterator[Any]:
        raise AssertionError(tasks)


class Dying:
    def __init__(self, after: int) -> None:
        self.after = after

    def map(self, work: Any, tasks: Any) -> Iterator[Any]:
        yield from map(work, tasks[: self.after])
        raise KeyboardInterrupt


@pytest.mark.anyio
async def test_killed_it_leaves_whole_filings_that_are_found_and_the_next_run_does_the_rest(
    database: str, shards: Shards
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(database, shards, Dying(2))
    part = stored(database)
    assert len(part["filing"]) == 4
    contents = shards.contents().filings
    chunks = sum(contents[str(row[0])].chunks for row in part["filing"])
    assert len(part["chunk"]) == len(part["keyword"]) == chunks > 0
    hits = await find(database, "영업이익은 매출액은", "hybrid")
    assert {hit.filing.rcept_no for hit in hits} <= {str(row[0]) for row in part["filing"]}
    assert hits
    assert len(run(database, shards).loaded) == COUNT - 4
    whole = stored(database)
    assert len(whole["filing"]) == COUNT
    assert run(database, shards, Broken()).loaded == []
    assert stored(database) == whole


def test_a_filing_that_cannot_be_analysed_or_stored_is_quarantined_and_not_tried_again(
    database: str, shards: Shards
) -> None:
    bad, worse = sorted(shards.contents().filings)[1:3]

    class Choosy(Words):
        def terms_many(self, texts: Any) -> list[list[str]]:
            if any("나쁨" in text for text in texts):
                raise ValueError
            return super().terms_many(texts)

    analyse = Analyse.__call__

    def spoil(self: Analyse, batch: Batch) -> Any:
        batch, made = analyse(self, batch)
        made.terms |= {bad: [["가\0"]] * len(made.terms[bad])} if bad in made.terms else {}
        return batch, made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Analyse, "__call__", spoil)
        read = bulk_reader(worse)
        patch.setattr("core.etl.load.read_chunks", read)
        outcome = run(database, shards, models=lambda: (Choosy(), Random(8)))
    assert {rcept_no for rcept_no, _ in outcome.quarantined} == {bad, worse}
    assert len(outcome.loaded) == COUNT - 2
    with psycopg.connect(database) as conn:
        assert {(rcept_no, reason[:6]) for _, rcept_no, reason in quarantined(conn)} == {
            (bad, "데이터베이스"),
            (worse, "글을 분석하"),
        }
    assert run(database, shards, Broken()).loaded == []


def bulk_reader(rcept_no: str) -> Any:
    from dataclasses import replace

    from core.etl.parquet import read_chunks

    def read(*where: Any) -> Iterator[tuple[str, list[Any]]]:
        for number, chunks in read_chunks(*where):
            yield number, [replace(c, text="나쁨") if number == rcept_no else c for c in chunks]

    return read


def test_refusals_of_transform_reach_the_database(database: str, shards: Shards, tmp_path: Path) -> None:
    broken = tmp_path / "20260101000001.xml"
    broken.write_bytes(b"%PDF-1.7")
    transform_filings(discover([broken]), shards, Counted(), Here())
    run(database, shards)
    with psycopg.connect(database) as conn:
        assert [row[:2] for row in quarantined(conn)] == [(str(broken), "20260101000001")]


def test_vectors_of_words_are_kept_by_whoever_analysed_them(database: str, shards: Shards) -> None:
    run(database, shards, models=lambda: (Words(), Remembering(8)))
    with psycopg.connect(database) as conn:
        kept = conn.execute("select term from morpheme_vector").fetchall()
        used = conn.execute("select term from term where df > 0").fetchall()
    assert sorted(kept) == sorted(used)


def test_the_vector_index_is_dropped_only_when_building_it_anew_pays(
    database: str, shards: Shards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.index.EXACT", 0)

    def index(conn: psycopg.Connection[Any]) -> bool:
        found = conn.execute("select from pg_indexes where indexname = 'chunk_embedding'").fetchone()
        return found is not None

    run(database, shards)
    with psycopg.connect(database, autocommit=True) as conn:
        assert index(conn)
        (chunks,) = conn.execute("select chunks from keyword_statistics").fetchone() or (0,)
        bulk = Bulk(conn)
        bulk.begin(int(chunks * 0.9 * bulk_module._HNSW_PAYS))
        assert index(conn)
        bulk.begin(chunks)
        assert not index(conn)
        bulk.end()  # as the next run does after a kill
        assert index(conn)
