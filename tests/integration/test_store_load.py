"""Loading is idempotent, all or nothing, and links amendments in any order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import psycopg
import pytest

from core.amendment import Change, Clues, Fact
from core.model import Chunk, Figure, Filing, Passage, Transformed
from core.store.connect import open_pool
from core.store.corpus import PostgresCorpus
from core.store.load import Index, load_each, states
from core.store.load import load as load_batch
from core.store.quarantine import quarantine, quarantined, release

CORP = "09900011"


def made(
    rcept_no: str,
    report_nm: str = "분기보고서 (2026.03)",
    *,
    text: str = "매출액은 1,000원입니다.",
    period: str | None = None,
    first_filed: date | None = None,
    digest: str = "a",
    corp_code: str = CORP,
    corp_name: str = "가온전자",
    changes: Sequence[Change] = (),
) -> Transformed:
    day = date(int(rcept_no[:4]), int(rcept_no[4:6]), int(rcept_no[6:8]))
    filing = Filing(rcept_no, corp_code, corp_name, report_nm, "11013", day, "990011", period, fictional=True)
    figures = [
        figure(rcept_no, "매출액", "1000", corp_code),
        figure(rcept_no, "Ⅰ. 매출 액 합계", "2000.5", corp_code),
    ]
    return Transformed(
        filing=filing,
        markdown="",
        passages=[Passage(rcept_no, 0, "II > 1", text), Passage(rcept_no, 1, "II > 1", "둘째")],
        chunks=[Chunk(f"{rcept_no}-0", rcept_no, corp_code, 0, 0, "가온전자", text)],
        figures=figures,
        changes=changes,
        warnings=["회복 모드"],
        digest=digest,
        first_filed=first_filed,
        clues=Clues(titles=["1"], facts=[Fact("", line, (1, 0, 1)) for line in text.split("\n")]),
    )


def figure(rcept_no: str, account: str, value: str, corp_code: str = CORP) -> Figure:
    return Figure(
        rcept_no, corp_code, account, Decimal(value), "원", "2026.03 누적", "연결", "II > 1", 1,
        account, "제 9 기", 2, 1, value, 1, None,
    )  # fmt: skip


def load(conn: psycopg.Connection[Any], one: Transformed, index: Index) -> bool:
    return bool(load_batch(conn, [one], index))


def ignore(_: psycopg.Connection[Any], __: Sequence[Chunk]) -> None:
    pass


def links(conn: psycopg.Connection[Any]) -> dict[str, str]:
    rows = conn.execute("select rcept_no, supersedes, superseded_by from filing").fetchall()
    back = {older: newer for newer, older, _ in rows if older}
    assert back == {older: newer for older, _, newer in rows if newer}
    return {newer: older for newer, older, _ in rows if older}


def test_the_same_digest_loads_once(database: str) -> None:
    calls = []
    with psycopg.connect(database, autocommit=True) as conn:
        one = made("20260515000001")
        assert load(conn, one, lambda _, chunks: calls.append(list(chunks)))
        assert not load(conn, one, lambda _, chunks: calls.append(list(chunks)))
        assert calls == [list(one.chunks)]
        assert load(conn, replace(one, digest="b", figures=one.figures[:1]), ignore)
        counts = conn.execute(
            "select (select count(*) from filing), (select count(*) from passage),"
            " (select count(*) from figure)"
        ).fetchone()
        assert counts == (1, 2, 1)


def test_an_interrupted_load_leaves_the_earlier_version(database: str) -> None:
    one = made("20260515000001")

    def fail(_: psycopg.Connection[Any], __: Sequence[Chunk]) -> None:
        raise KeyboardInterrupt

    with psycopg.connect(database, autocommit=True) as conn:
        load(conn, one, ignore)
        with pytest.raises(KeyboardInterrupt):
            load(conn, replace(one, digest="b", passages=()), fail)
        with pytest.raises(KeyboardInterrupt):
            load(conn, made("20260516000001"), fail)
        assert conn.execute("select rcept_no, digest from filing").fetchall() == [("20260515000001", "a")]
        assert conn.execute("select count(*) from passage").fetchone() == (2,)
        assert load(conn, replace(one, digest="b"), ignore)


def test_a_filing_that_the_database_refuses_costs_no_other(database: str) -> None:
    batch = [made(f"2026051500000{n}") for n in range(1, 8)]
    batch[2] = replace(batch[2], passages=[Passage(batch[2].filing.rcept_no, 0, "II", "nul \0")])
    long = "매출" + "".join(chr(0xAC00 + n % 11_000) for n in range(9_000))  # too long for an index
    batch[5] = replace(batch[5], figures=[figure(batch[5].filing.rcept_no, long, "1")])
    with psycopg.connect(database, autocommit=True) as conn:
        refused = load_each(conn, batch, ignore)
        assert list(refused) == [batch[2].filing.rcept_no, batch[5].filing.rcept_no]
        assert all("거절했습니다" in reason for reason in refused.values())
        stored = conn.execute("select array_agg(rcept_no order by rcept_no) from filing").fetchone()
        assert stored == ([one.filing.rcept_no for n, one in enumerate(batch) if n not in (2, 5)],)
        assert load_each(conn, [one for n, one in enumerate(batch) if n not in (2, 5)], ignore) == {}


def test_a_filing_marked_withdrawn_after_it_was_fetched_is_withdrawn(database: str) -> None:
    one = made("20260515000001")
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(
            'insert into receipt (rcept_no, row) values (%s, \'{"rm": "유철"}\')', [one.filing.rcept_no]
        )
        load(conn, one, ignore)
        assert conn.execute("select withdrawn from filing").fetchone() == (True,)


def test_quarantine_ends_with_a_load(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as conn:
        quarantine(conn, "a.zip!x.xml", "빈 파일입니다", rcept_no="20260515000001")
        quarantine(conn, "b.xml", "XML이 아닙니다")
        quarantine(conn, "b.xml", "공시가 아닙니다")
        assert states(conn) == {"loaded": 0, "quarantined": 2, "pending": 0}
        load(conn, made("20260515000001"), ignore)
        assert quarantined(conn) == [("b.xml", None, "공시가 아닙니다")]
        assert states(conn) == {"loaded": 1, "quarantined": 1, "pending": 0}
        assert release(conn, "b.xml")
        assert not release(conn, "b.xml")


CONTRACT = "단일판매ㆍ공급계약체결"
# Two contracts on neighbouring days; the second is amended twice, the first once and last.
CONTRACTS = [
    made("20260102000001", CONTRACT, text="계약명은 서버 납품입니다.\n상대방은 갑입니다."),
    made("20260103000001", CONTRACT, text="계약명은 센서 공급입니다.\n상대방은 을입니다."),
    made(
        "20260110000001",
        "[기재정정]단일판매·공급계약체결",
        text="계약명은 센서 공급입니다.\n상대방은 을입니다.\n금액은 2원입니다.",
        first_filed=date(2026, 1, 3),
    ),
    made(
        "20260111000001",
        f"[기재정정] {CONTRACT}",
        text="계약명은 센서 공급입니다.\n상대방은 을입니다.\n금액은 3원입니다.",
        first_filed=date(2026, 1, 11),  # its own date, as one company writes it
    ),
    made(
        "20260112000001",
        f"[첨부정정]{CONTRACT}",
        text="계약명은 서버 납품입니다.\n상대방은 갑입니다.\n금액은 9원입니다.",
        first_filed=date(2026, 1, 2),
    ),
]
CONTRACT_LINKS = {
    "20260110000001": "20260103000001",
    "20260111000001": "20260110000001",
    "20260112000001": "20260102000001",
}


@pytest.mark.parametrize("order", list(permutations(range(5)))[::17], ids=str)
def test_amendments_are_linked_in_any_order(database: str, order: Sequence[int]) -> None:
    with psycopg.connect(database, autocommit=True) as conn:
        for place in order:
            load(conn, CONTRACTS[place], ignore)
        assert links(conn) == CONTRACT_LINKS
        load(conn, replace(CONTRACTS[1], digest="again"), ignore)
        assert links(conn) == CONTRACT_LINKS


def test_periodic_reports_link_within_their_period_and_company(database: str) -> None:
    original = made("20260515000001", "분기보고서 (2026.03)", period="2026.03")
    other = made("20251114000001", "분기보고서 (2025.09)", period="2025.09")
    foreign = made("20260514000009", period="2026.03", corp_code="09900022", corp_name="누리바이오")
    amended = made(
        "20260601000001",
        "[기재정정]분기보고서 (2026.03)",
        period="2026.03",
        first_filed=date(2026, 5, 1),  # wrong, yet there is one report of a quarter
    )
    with psycopg.connect(database, autocommit=True) as conn:
        for one in (amended, other, foreign, original):
            load(conn, one, ignore)
        assert links(conn) == {"20260601000001": "20260515000001"}


def test_an_amendment_whose_original_is_absent_stays_unlinked(database: str) -> None:
    other = made("20260102000001", "유상증자결정", text="신주는 보통주 1주입니다.")
    amended = made(
        "20260301000001",
        "[기재정정]주요사항보고서(유상증자결정)",
        text="신주는 우선주 7주입니다.\n납입일은 3월입니다.",
        first_filed=date(2024, 7, 7),
    )
    amended = replace(amended, figures=())
    with psycopg.connect(database, autocommit=True) as conn:
        load(conn, other, ignore)
        load(conn, amended, ignore)
        assert links(conn) == {}
        load(conn, made("20240707000001", "주요사항보고서(유상증자결정)"), ignore)
        assert links(conn) == {"20260301000001": "20240707000001"}


@pytest.mark.anyio
async def test_the_corpus_reads_what_was_loaded(database: str) -> None:
    old = made("20250515000001", "분기보고서 (2025.03)", period="2025.03", corp_name="가온")
    new = made("20260515000001", period="2026.03")
    amended = made(
        "20260601000001",
        "[기재정정]분기보고서 (2026.03)",
        period="2026.03",
        changes=[Change("매출액", "1", "2")],
    )
    with psycopg.connect(database, autocommit=True) as conn:
        for one in (amended, new, old):
            load(conn, one, ignore)
    async with open_pool(database, size=2) as pool:
        corpus = PostgresCorpus(pool)
        (company,) = await corpus.companies()
        assert (company.corp_name, company.aliases) == ("가온전자", ("가온",))
        assert await corpus.companies() is await corpus.companies()  # read again only when one changed
        with psycopg.connect(database, autocommit=True) as conn:
            conn.execute("update company set aliases = '{가온, 가온테크}'")
        (company,) = await corpus.companies()
        assert company.aliases == ("가온", "가온테크")
        filings = await corpus.filings([CORP])
        assert [filing.rcept_no for filing in filings] == [
            "20260601000001",
            "20260515000001",
            "20250515000001",
        ]
        assert filings[0].supersedes == "20260515000001"
        assert filings[1].superseded_by == "20260601000001"
        assert replace(filings[1], superseded_by=None) == new.filing
        found = await corpus.figures([CORP], ["매출액합계", "매출액"], limit=10)
        assert [(one.rcept_no, one.account) for one in found] == [
            ("20260601000001", "매출액"),
            ("20250515000001", "매출액"),
            ("20260601000001", "Ⅰ. 매출 액 합계"),
            ("20250515000001", "Ⅰ. 매출 액 합계"),
        ]
        assert len(await corpus.figures([CORP], ["매출액"], limit=1)) == 1
        assert await corpus.figures([CORP], ["100%_", " "], limit=9) == []
        assert await corpus.figures([], ["매출액"], limit=9) == []
        assert await corpus.figures_of(new.filing.rcept_no) == list(new.figures)
        keys = [(new.filing.rcept_no, 1), ("없음", 0), (new.filing.rcept_no, 0)]
        assert [one.ordinal for one in await corpus.passages(keys)] == [1, 0]
        both = await corpus.sections([(new.filing.rcept_no, "II > 1")])
        assert both == list(new.passages)
        assert await corpus.changes(amended.filing.rcept_no) == [Change("매출액", "1", "2")]
        assert await corpus.changes(new.filing.rcept_no) == []
        assert await corpus.figures_in([(new.filing.rcept_no, new.figures[0].section)]) == list(new.figures)
        assert await corpus.figures_in([]) == []
        where = [(new.filing.rcept_no, new.figures[0].section)]
        said = await corpus.figures_in(where, within=f"그값은{new.figures[0].cell}이다")
        assert new.figures[0] in said
        assert await corpus.figures_in(where, within="아무숫자도없다") == []
        assert "매출액" in await corpus.accounts_in([CORP], "작년 매출 액은 얼마야?")
        assert await corpus.accounts_in([CORP], "부채는 얼마야?") == []
        assert await corpus.chunks_of(new.filing.rcept_no) == []  # `ignore` indexes none
