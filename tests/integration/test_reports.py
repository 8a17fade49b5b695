"""Brokers' reports in a real database: loaded once, found by meaning and page, never among filings."""

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bots.commands.etl import import_paths
from bots.commands.reports import reports
from core.errors import InputError
from core.etl.reports.parse import parse_report
from core.model import Company, Scope
from core.models.kiwi import KiwiTokenizer
from core.models.kiwi_static import KiwiStatic
from core.report import ReportTopic
from core.settings import Settings, load_settings
from core.store.connect import open_pool
from core.store.reports import load_report, reports_of, search_reports, sections_of
from core.wiring.answering import open_search
from core.wiring.etl import reembed_all
from tools.reports.make import DASOM, GAON, MARKDOWN, NURI, write_pdf

pytestmark = pytest.mark.anyio
SAMPLES = Path(__file__).parents[2] / "samples"
FILINGS = [SAMPLES / "20250318000911.xml", SAMPLES / "20250512800912.xml"]


@pytest.fixture
def here(database: str, kiwi: KiwiTokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an empty database, and one analyser for every command: it takes seconds to load."""
    monkeypatch.setattr("core.wiring.etl.build_tokenizer", lambda: kiwi)
    monkeypatch.setenv("GONGSI_DATABASE__URL", database)
    monkeypatch.setenv("GONGSI_PATHS__DATA", str(tmp_path / "data"))
    return load_settings()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("given")
    write_pdf(GAON, made / "가온전자.pdf")
    write_pdf(NURI, made / "누리바이오.pdf")
    (made / "다솜건설.md").write_text(MARKDOWN, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def kiwi() -> KiwiTokenizer:
    tokenizer = KiwiTokenizer()
    tokenizer.add_names(["가온전자", "누리바이오", "다솜건설"])
    return tokenizer


def run(capsys: pytest.CaptureFixture[str], *paths: Path) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    reports(list(paths), as_json=True)
    return {row["file"]: row for row in json.loads(capsys.readouterr().out)}


def statistics(database: str) -> list[Any]:
    with psycopg.connect(database) as conn:
        return [
            conn.execute("select chunks, length, avgdl from keyword_statistics").fetchall(),
            conn.execute("select sum(df), count(*) filter (where df > 0) from term").fetchall(),
            conn.execute("select count(*) from chunk").fetchall(),
            conn.execute("select count(*) from figure").fetchall(),
            conn.execute("select count(*) from filing").fetchall(),
        ]


async def test_a_folder_of_reports_is_loaded_once_and_found_apart_from_filings(
    here: Settings, database: str, folder: Path, kiwi: KiwiTokenizer, capsys: pytest.CaptureFixture[str]
) -> None:
    import_paths(FILINGS, here, quiet=True)
    before = statistics(database)
    first = run(capsys, folder)
    assert {row["state"] for row in first.values()} == {"loaded"}
    assert first["가온전자.pdf"]["target_price"] == {
        "won": 85_000,
        "change": "상향",
        "quote": "목표주가 | 85,000원(상향)",
        "page": 1,
    }
    assert {row["state"] for row in run(capsys, folder).values()} == {"unchanged"}
    reports([folder])
    assert "바뀐 것이 없습니다: 리포트 3건" in capsys.readouterr().out
    assert statistics(database) == before

    async with open_search(here) as (_, retriever):
        hits = await retriever.search("목표주가 투자의견 상향", top_k=50, scope=Scope())
        assert hits
        assert all(hit.filing.report_nm and "증권사 리포트" not in hit.chunk.header for hit in hits)

    static = KiwiStatic(kiwi)
    async with open_pool(database) as pool:
        hits = [h async for h in _all(pool, kiwi, static, "환율이 떨어지면 어떤 위험이 있나?")]
        assert hits[0].topic is ReportTopic.RISK
        assert (
            hits[0].report.cite(hits[0].chunk.page) == "증권사 리포트 (가나증권 2026-05-12, 2쪽, 가상 예시)"
        )
        assert hits == sorted(hits, key=lambda hit: -hit.score)
        [best] = await search_reports(
            pool, kiwi, static, "목표 배수", top_k=1, topics=[ReportTopic.VALUATION], corp_codes=["09900011"]
        )
        assert (best.section, best.chunk.page) == ("밸류에이션", 2)
        assert not await search_reports(pool, kiwi, static, "목표 배수", top_k=5, corp_codes=["00000000"])
        [report] = await reports_of(pool, ["09900011"])
        assert (report.corp_code, report.fictional, report.broker) == ("09900011", True, "가나증권")
        assert report.previous_target is not None
        assert report.previous_target.won == 78_000
        assert [s.topic for s in await sections_of(pool, report.report_id)][-1] is ReportTopic.RISK


async def _all(pool: Any, tokenizer: KiwiTokenizer, embedder: KiwiStatic, query: str) -> Any:
    for hit in await search_reports(pool, tokenizer, embedder, query, top_k=20):
        yield hit


async def test_keyword_scores_are_bm25_of_the_scope(database: str, kiwi: KiwiTokenizer, folder: Path) -> None:
    known = [Company("09900011", "가온전자", "990011"), Company("09900022", "누리바이오", "990022")]
    static, query = KiwiStatic(kiwi), "반도체 부문 영업이익 추정"
    texts: dict[str, Counter[str]] = {}
    with psycopg.connect(database, autocommit=True) as conn:
        for name in ("가온전자.pdf", "누리바이오.pdf"):
            parsed = parse_report((folder / name).read_bytes(), name, known)
            load_report(conn, parsed, kiwi, static)
            texts |= {chunk.chunk_id: Counter(kiwi.terms(chunk.indexed)) for chunk in parsed.chunks}
    mean = sum(words.total() for words in texts.values()) / len(texts)

    def bm25(words: Counter[str]) -> float:
        score = 0.0
        for term in {t for t in kiwi.terms(query) if words[t]}:
            df = sum(term in other for other in texts.values())
            idf = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
            score += idf * words[term] * 2.2 / (words[term] + 1.2 * (0.25 + 0.75 * words.total() / mean))
        return score

    plain = {chunk_id: bm25(words) for chunk_id, words in texts.items()}
    low, high = min(plain.values()), max(plain.values())
    async with open_pool(database) as pool:
        hits = await search_reports(pool, kiwi, static, query, top_k=100, dense_weight=0)
    assert len(hits) == len(texts)
    for hit in hits:
        assert hit.score == pytest.approx((plain[hit.chunk.chunk_id] - low) / (high - low))


async def test_a_report_waits_for_its_company(
    here: Settings, database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, folder / "가온전자.pdf")["가온전자.pdf"]["state"] == "loaded"
    async with open_pool(database) as pool:
        assert await reports_of(pool, ["09900011"]) == []
        import_paths(FILINGS[:1], here, quiet=True)
        [report] = await reports_of(pool, ["09900011"])
    assert (report.corp_name, report.fictional) == ("가온전자", True)


def test_another_copy_takes_the_place_of_the_first(database: str, kiwi: KiwiTokenizer) -> None:
    known = [Company("09900033", "다솜건설", "990033")]
    static = KiwiStatic(kiwi)
    with psycopg.connect(database, autocommit=True) as conn:
        for text, is_new in ((MARKDOWN, True), (MARKDOWN, False), (MARKDOWN + "\n끝.\n", True)):
            parsed = parse_report(text.encode(), "a.md", known)
            assert load_report(conn, parsed, kiwi, static) is is_new
        assert conn.execute("select count(*), max(report_id) from report").fetchone() == (
            1,
            parsed.report.report_id,
        )
        assert conn.execute("select count(distinct report_id) from report_chunk").fetchone() == (1,)


def test_unreadable_files_stop_no_other_and_are_forgotten_once_they_read(
    here: Settings, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "1.pdf").write_bytes(b"%PDF-1.4 cut")
    with pytest.raises(InputError, match="읽은 리포트가 하나도 없습니다"):
        reports([given])
    assert "격리 1.pdf: PDF가 깨졌거나" in capsys.readouterr().err
    write_pdf(DASOM, given / "2.pdf")
    states = {name: row["state"] for name, row in run(capsys, given).items()}
    assert states == {"1.pdf": "quarantined", "2.pdf": "loaded"}
    with psycopg.connect(database) as conn:
        assert conn.execute("select count(*) from report_quarantine").fetchone() == (1,)
        assert conn.execute("select count(*) from quarantine").fetchone() == (0,)
    write_pdf(GAON, given / "1.pdf")
    assert run(capsys, given)["1.pdf"]["state"] == "loaded"
    with psycopg.connect(database) as conn:
        assert conn.execute("select count(*) from report_quarantine").fetchone() == (0,)


def test_reports_are_embedded_anew_with_the_filings(
    here: Settings, database: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, folder / "다솜건설.md")
    select = "select ordinal, terms, counts, embedding::text from report_chunk order by ordinal"
    with psycopg.connect(database, autocommit=True) as conn:
        made = conn.execute(select).fetchall()
        conn.execute("update report_chunk set embedding = '[1]', terms = '{}', counts = '{}'")
        assert reembed_all(here, _Silent()) == len(made)
        assert conn.execute(select).fetchall() == made


class _Silent:
    def start(self, what: str, total: int) -> None: ...

    def advance(self, by: int = 1) -> None: ...

    def finish(self) -> None: ...
