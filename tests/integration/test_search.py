"""The keyword index against BM25 written out plainly; what a search may see; changing the model."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import NAMESPACE_OID, uuid5
from zlib import crc32

import numpy as np
import psycopg
import pytest

from core.errors import FingerprintMismatch
from core.model import Chunk, Filing, Hit, Passage, Scope, Transformed
from core.ports import Embedder, Tokenizer
from core.store.connect import open_pool
from core.store.corpus import PostgresCorpus
from core.store.index import MorphemeVectors, check_fingerprint, index_chunks, reembed, set_weighting
from core.store.load import load
from core.store.search import Mode, PostgresRetriever
from core.store.vectors import open_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAON, NURI = "09900011", "09900022"
EVERYTHING = Scope()
# Lengths differ, words repeat, and some words stand in every chunk but few filings.
TEXTS = {
    "20260515000001": ["매출 매출 매출 증가", "부채 감소"],
    "20260515000002": ["매출 감소 원인 설명 " * 6, "배당 결정 매출"],
    "20260515000003": ["부채 부채 비율 증가 매출", "배당", "설명 " * 30 + "부채"],
}
QUERIES = ["매출", "부채 증가", "매출 배당 비율", "설명 설명 감소"]


class Words:
    """A tokenizer whose terms are the words between spaces."""

    def __init__(self, fingerprint: str = "words-1") -> None:
        self.fingerprint = fingerprint

    def add_names(self, names: Iterable[str]) -> None:
        pass

    def terms(self, text: str) -> list[str]:
        return text.split()

    def names(self, text: str) -> list[str]:
        return []

    def terms_many(self, texts: Sequence[str]) -> list[list[str]]:
        return [text.split() for text in texts]


@dataclass
class Random:
    """The mean of vectors drawn per word; knows no Latin, as kiwi-static does not."""

    dim: int
    name: str = "random"

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{self.dim}"

    def documents(self, texts: Sequence[str], terms: Sequence[Sequence[str]]) -> "NDArray[np.float32]":
        return np.stack([self.query(text, words) for text, words in zip(texts, terms, strict=True)])

    def query(self, text: str, terms: Sequence[str]) -> "NDArray[np.float32]":
        total = np.zeros(self.dim, np.float32)
        for word in terms:
            if not word.isascii():
                total += self.draw(word).astype(np.float32)
        return total / (float(np.linalg.norm(total)) or 1)

    def draw(self, word: str) -> "NDArray[np.float16]":
        return np.random.default_rng(crc32(word.encode())).normal(size=self.dim).astype("<f2")


@dataclass
class Remembering(Random):
    """Keeps its words' vectors in the database, as kiwi-static does."""

    held: dict[str, bytes] = field(default_factory=dict)
    drawn: list[str] = field(default_factory=list)

    def missing(self, terms: set[str]) -> list[str]:
        return sorted(terms - self.held.keys())

    def vectors(self, terms: Sequence[str]) -> Mapping[str, bytes]:
        return {word: self.draw(word).tobytes() for word in terms}

    def remember(self, vectors: Mapping[str, bytes]) -> None:
        self.held.update(vectors)

    def draw(self, word: str) -> "NDArray[np.float16]":
        if word not in self.held:
            self.drawn.append(word)
            self.held[word] = super().draw(word).tobytes()
        return np.frombuffer(self.held[word], "<f2")


class Counted:
    """Progress that a test can ask."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def start(self, what: str, total: int) -> None:
        self.total = total

    def advance(self, by: int = 1) -> None:
        self.done += by

    def finish(self) -> None:
        pass


def put(
    database: str,
    rcept_no: str,
    texts: Sequence[str],
    embedder: Embedder | None = None,
    tokenizer: Tokenizer | None = None,
    **filing: Any,
) -> None:
    facts = {
        "corp_code": GAON, "corp_name": "가온전자", "report_nm": f"주요사항보고서({rcept_no[-4:]})",
        "form": "B001", "rcept_dt": date(2026, 5, 15), "fictional": True, **filing,
    }  # fmt: skip
    corp = facts["corp_code"]
    chunks = [
        Chunk(str(uuid5(NAMESPACE_OID, f"{rcept_no} {n}")), rcept_no, corp, n, 0, "", text)
        for n, text in enumerate(texts)
    ]
    made = Transformed(
        filing=Filing(rcept_no=rcept_no, **facts), markdown="", changes=(), warnings=(), figures=(),
        passages=[Passage(rcept_no, 0, "II > 1", "\n".join(texts))], chunks=chunks, digest=str(texts),
    )  # fmt: skip
    with psycopg.connect(database, autocommit=True) as conn:
        load(conn, [made], lambda c, new: index_chunks(c, new, tokenizer or Words(), embedder or Random(8)))


async def find(
    database: str,
    query: str,
    mode: Mode = "keyword",
    scope: Scope = EVERYTHING,
    embedder: Embedder | None = None,
    **options: Any,
) -> list[Hit]:
    using = embedder or Random(8)
    async with open_pool(database) as pool, open_vectors(database, Words(), using) as vectors:
        retriever = PostgresRetriever(pool, vectors, Words(), using, **options)
        return await retriever.search(query, top_k=100, scope=scope, mode=mode)


def bm25(
    corpus: Mapping[str, Sequence[str]], query: str, k1: float, b: float
) -> dict[tuple[str, int], float]:
    """Scores between 0 and 1 by (rcept_no, ordinal); idf as Lucene's, mean length in steps of 5 %."""
    rows = {(no, n): text.split() for no, texts in corpus.items() for n, text in enumerate(texts)}
    mean = sum(map(len, rows.values())) / len(rows)
    mean = math.exp(round(math.log(max(1.0, mean)) * 20) / 20)
    scores = dict.fromkeys(rows, 0.0)
    for word in set(query.split()):
        df = sum(word in words for words in rows.values())
        idf = math.log(1 + (len(rows) - df + 0.5) / (df + 0.5))
        for key, words in rows.items():
            tf = Counter(words)[word]
            scores[key] += idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * len(words) / mean))
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def by_chunk(hits: Sequence[Hit]) -> dict[tuple[str, int], float]:
    return {(hit.chunk.rcept_no, hit.chunk.ordinal): hit.score for hit in hits}


async def assert_bm25(database: str, corpus: Mapping[str, Sequence[str]], k1: float, b: float) -> None:
    for query in QUERIES:
        hits = await find(database, query)
        assert by_chunk(hits) == pytest.approx(bm25(corpus, query, k1, b), abs=1e-6)
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.anyio
async def test_keyword_scores_are_bm25_after_deletes_and_reloads_in_any_order(database: str) -> None:
    for rcept_no, texts in TEXTS.items():
        put(database, rcept_no, texts)
    await assert_bm25(database, TEXTS, 1.2, 0.75)

    first, second, third = TEXTS
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("delete from filing where rcept_no = any(%s)", [[first, third]])
    put(database, third, TEXTS[third])
    put(database, second, ["다른 글 매출", *TEXTS[second]])  # in place of what was there
    put(database, first, TEXTS[first])
    changed = {**TEXTS, second: ["다른 글 매출", *TEXTS[second]]}
    await assert_bm25(database, changed, 1.2, 0.75)

    with psycopg.connect(database, autocommit=True) as conn:
        assert set_weighting(conn, 0.9, 0.4)
        assert not set_weighting(conn, 0.9, 0.4)
    await assert_bm25(database, changed, 0.9, 0.4)


@pytest.mark.anyio
async def test_hybrid_is_the_weighted_sum_of_both_legs(database: str) -> None:
    for rcept_no, texts in TEXTS.items():
        put(database, rcept_no, texts)
    for query in QUERIES:
        words = by_chunk(await find(database, query, "keyword"))
        meaning = by_chunk(await find(database, query, "dense"))
        both = by_chunk(await find(database, query, "hybrid", dense_weight=0.3))
        assert both == pytest.approx({key: 0.7 * words[key] + 0.3 * meaning[key] for key in words}, abs=1e-6)


@pytest.mark.anyio
async def test_candidates_of_a_large_corpus_come_in_the_exact_order(database: str) -> None:
    for rcept_no, texts in TEXTS.items():
        put(database, rcept_no, texts)
    for query in QUERIES:
        exact = [hit.chunk.chunk_id for hit in await find(database, query) if hit.score > 0]
        assert [hit.chunk.chunk_id for hit in await find(database, query, exact=0)] == exact


@pytest.mark.anyio
@pytest.mark.parametrize("exact", [8_000, 0])
async def test_scope_limits_by_company_and_by_filing(database: str, exact: int) -> None:
    one, two, three = TEXTS
    put(database, one, ["매출 증가"])
    put(database, two, ["매출 감소"])
    put(database, three, ["매출 유지"], corp_code=NURI, corp_name="누리바이오")

    async def seen(*, corps: Sequence[str] = (), filings: Sequence[str] = ()) -> set[str]:
        hits = await find(database, "매출", "hybrid", Scope(corps, filings), exact=exact)
        return {hit.chunk.rcept_no for hit in hits}

    assert await seen() == {one, two, three}
    assert await seen(corps=[GAON]) == {one, two}
    assert await seen(corps=[NURI]) == {three}
    assert await seen(filings=[two, three]) == {two, three}
    assert await seen(corps=[GAON], filings=[two, three]) == {two}
    assert await seen(corps=["00000000"]) == set()
    assert await seen(corps=[NURI], filings=[one]) == set()


@pytest.mark.anyio
@pytest.mark.parametrize("exact", [8_000, 0])
async def test_superseded_and_withdrawn_filings_are_hidden(database: str, exact: int) -> None:
    old, new, gone = TEXTS
    put(database, old, ["매출 옛것"], report_nm="분기보고서 (2026.03)", period="2026.03")
    assert [hit.chunk.rcept_no for hit in await find(database, "매출", "hybrid", exact=exact)] == [old]
    put(database, new, ["매출 새것"], report_nm="[기재정정]분기보고서 (2026.03)", period="2026.03")
    put(database, gone, ["매출 철회"], withdrawn=True)
    for scope in (EVERYTHING, Scope([GAON]), Scope(rcept_nos=[old, new, gone])):
        (hit,) = await find(database, "매출", "hybrid", scope, exact=exact)
        assert (hit.chunk.rcept_no, hit.filing.supersedes, hit.section) == (new, old, "II > 1")


@pytest.mark.anyio
@pytest.mark.parametrize("query", ["", "   ", "zzqx"])
async def test_a_query_without_a_known_word_finds_nothing(database: str, query: str) -> None:
    assert await find(database, "매출") == []  # nor does anything in an empty database
    put(database, "20260515000001", ["매출 증가"])
    assert await find(database, query, "hybrid") == []
    assert await find(database, query, "keyword") == []


@pytest.mark.anyio
async def test_another_model_is_refused_until_everything_is_embedded_anew(database: str) -> None:
    for rcept_no, texts in TEXTS.items():
        put(database, rcept_no, texts, Random(16))
    for embedder, tokenizer in ((Random(8), Words()), (Random(16), Words("words-2"))):
        with pytest.raises(FingerprintMismatch, match="gongsi etl load --reembed"):
            put(database, "20260515000009", ["매출"], embedder, tokenizer)
    with psycopg.connect(database, autocommit=True) as conn:
        assert conn.execute("select count(*) from filing").fetchone() == (len(TEXTS),)
        with pytest.raises(FingerprintMismatch, match=r"random-16.*random-8"):
            check_fingerprint(conn, Random(8))
        progress = Counted()
        assert reembed(conn, Random(8), Words(), progress) == progress.total == progress.done == 7
        check_fingerprint(conn, Random(8), Words())
        assert conn.execute("select distinct vector_dims(embedding) from chunk").fetchall() == [(8,)]

    await assert_bm25(database, TEXTS, 1.2, 0.75)
    best = (await find(database, "배당", "dense"))[0]
    assert best.chunk.text == "배당"
    put(database, "20260515000009", ["자본 확충"])
    assert (await find(database, "자본 확충", "hybrid"))[0].chunk.rcept_no == "20260515000009"


@pytest.mark.anyio
async def test_vectors_of_words_are_made_once_and_read_back_afterwards(database: str) -> None:
    first = Remembering(8)
    assert isinstance(first, MorphemeVectors)
    put(database, "20260515000001", ["매출 증가"], first)
    later = Remembering(8)  # another process
    put(database, "20260515000002", ["매출 감소"], later)
    assert (set(first.drawn), set(later.drawn)) == ({"매출", "증가"}, {"감소"})
    searching = Remembering(8)
    hits = await find(database, "매출 감소", "dense", embedder=cast("Embedder", searching))
    assert hits[0].chunk.rcept_no == "20260515000002"
    assert searching.drawn == []


@pytest.mark.anyio
async def test_any_langchain_program_can_search_the_chunks(database: str) -> None:
    for rcept_no, texts in TEXTS.items():
        put(database, rcept_no, texts)
    async with open_vectors(database, Words(), Random(8)) as vectors:
        retriever = vectors.store.as_retriever(search_kwargs={"k": 2, "filter": {"visible": True}})
        for query in ("배당", "부채 감소"):  # the second query is not answered with the first one's words
            best, _ = await retriever.ainvoke(query)
            assert best.page_content == query
            assert best.metadata["rcept_no"] in TEXTS


@pytest.mark.anyio
async def test_chunks_come_back_as_they_were_and_rare_words_weigh_most(database: str) -> None:
    for rcept_no, texts in TEXTS.items():
        put(database, rcept_no, texts)
    first = next(iter(TEXTS))
    async with open_pool(database) as pool, open_vectors(database, Words(), Random(8)) as vectors:
        chunks = await PostgresCorpus(pool).chunks_of(first)
        assert [chunk.text for chunk in chunks] == TEXTS[first]
        weights = await PostgresRetriever(pool, vectors, Words(), Random(8)).weights(
            ["매출", "비율", "없는말"]
        )
        assert 0 <= weights["매출"] < weights["비율"] < weights["없는말"]
