"""Amendments in the database: listed, loaded and marked in any order; what they changed; `etl status`."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bots.commands import etl_status
from core.amendment import Change, Clues, Fact
from core.model import Figure, Filing, Transformed
from core.store.amendments import link_waiting
from core.store.connect import open_pool
from core.store.corpus import PostgresCorpus
from core.store.load import load
from core.store.overview import overview, succeeded
from core.store.receipts import PostgresReceipts
from tests.doubles.chains import History

CORP = "09900011"
NAME = "단일판매ㆍ공급계약체결"
ROW = {"corp_code": CORP, "corp_name": "가온전자", "stock_code": "990011", "rm": "", "kind": "I"}
Values = Sequence[tuple[str, str]]
ONE: Values = [
    ("체결계약명", "센서 공급계약 1차"),
    ("계약상대", "한빛정밀 주식회사"),
    ("금액", "40,000,000,000"),
]


def made(rcept_no: str, name: str = NAME, values: Values = ONE, **more: Any) -> Transformed:
    facts = [Fact(label, value, (1, n, 1)) for n, (label, value) in enumerate(values)]
    day = date.fromisoformat(rcept_no[:8])
    filing = Filing(rcept_no, CORP, "가온전자", name, "I001", day, "990011", more.pop("period", None))
    clues = Clues(more.pop("named", None), (), ("본문",), facts)
    base: dict[str, Any] = {"figures": (), "changes": (), "digest": rcept_no}
    return Transformed(filing, "", (), (), clues=clues, warnings=(), **{**base, **more})


def put(conn: psycopg.Connection[Any], one: Transformed) -> None:
    load(conn, [one], lambda conn, chunks: None)


def listed(
    conn: psycopg.Connection[Any], rcept_no: str, name: str, rm: str = "", state: str = "pending"
) -> None:
    row = {**ROW, "rcept_no": rcept_no, "report_nm": name, "rcept_dt": rcept_no[:8], "rm": rm}
    conn.execute(
        "insert into receipt (rcept_no, row, state) values (%s, %s, %s)"
        " on conflict (rcept_no) do update set row = excluded.row, state = excluded.state",
        [rcept_no, Jsonb(row), state],
    )


def place(conn: psycopg.Connection[Any], rcept_no: str) -> tuple[Any, ...] | None:
    return conn.execute(
        "select supersedes, superseded_by, amended_by, withdrawn from filing where rcept_no = %s", [rcept_no]
    ).fetchone()


@pytest.fixture
def conn(database: str) -> Any:
    with psycopg.connect(database, autocommit=True) as made:
        yield made


ORIGINAL, AMENDED, WITHDRAWAL = "20260105800001", "20260201800001", "20260301000001"


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_an_amendment_without_a_text_is_known_in_any_order(
    conn: psycopg.Connection[Any], order: Sequence[int]
) -> None:
    steps: list[Callable[[], object]] = [
        lambda: put(conn, made(ORIGINAL)),
        lambda: listed(conn, ORIGINAL, NAME, "유정", "fetched"),
        lambda: listed(conn, AMENDED, f"[기재정정]{NAME}", "유", "absent"),
    ]
    for step in order:
        steps[step]()
        link_waiting(conn)
    assert place(conn, ORIGINAL) == (None, None, AMENDED, False)
    put(conn, made(AMENDED, f"[기재정정]{NAME}", first_filed=date(2026, 1, 5)))  # it came after all
    assert place(conn, ORIGINAL) == (None, AMENDED, None, False)
    assert link_waiting(conn) == 0


def test_a_withdrawal_ends_with_the_filing_that_said_it(conn: psycopg.Connection[Any]) -> None:
    put(conn, made(ORIGINAL, "증권신고서(지분증권)"))
    put(conn, made(WITHDRAWAL, "철회신고서", [], named="증권신고서(지분증권)", first_filed=date(2026, 1, 5)))
    assert place(conn, ORIGINAL) == (None, None, None, True)
    conn.execute("delete from filing where rcept_no = %s", [WITHDRAWAL])
    put(conn, made("20260401800001"))
    assert place(conn, ORIGINAL) == (None, None, None, False)
    put(conn, made(WITHDRAWAL, "철회신고서", [], named="증권신고서(지분증권)", first_filed=date(2026, 1, 5)))
    listed(conn, ORIGINAL, "증권신고서(지분증권)", "철", "fetched")  # DART says so too, by now
    conn.execute("delete from filing where rcept_no = %s", [WITHDRAWAL])
    put(conn, made("20260402800001"))
    assert place(conn, ORIGINAL) == (None, None, None, True)


@pytest.mark.anyio
async def test_a_mark_hides_an_amendment_and_the_original_answers_again(
    conn: psycopg.Connection[Any], database: str
) -> None:
    put(conn, made(ORIGINAL))
    put(conn, made(AMENDED, f"[기재정정]{NAME}", first_filed=date(2026, 1, 5)))
    assert place(conn, ORIGINAL) == (None, AMENDED, None, False)
    row = {
        **ROW,
        "rcept_no": AMENDED,
        "report_nm": f"[기재정정]{NAME}",
        "rcept_dt": AMENDED[:8],
        "rm": "유철",
    }
    async with open_pool(database, size=1, autocommit=True) as pool:
        await PostgresReceipts(pool).add([row], [CORP], "I", date(2026, 1, 1), date(2026, 3, 1))
    link_waiting(conn)
    assert place(conn, ORIGINAL) == (None, None, None, False)
    assert place(conn, AMENDED) == (None, None, None, True)


@pytest.mark.anyio
async def test_changes_of_a_form_and_of_a_report(conn: psycopg.Connection[Any], database: str) -> None:
    values = [*ONE[:2], ("금액", "50,000,000,000"), ("종료일", "2027-12-31")]
    put(conn, made(ORIGINAL, values=[*ONE, ("종료일", "2026-12-31")]))
    told = [Change("3. 금액", "40,000,000,000", "50,000,000,000")]
    put(conn, made(AMENDED, f"[기재정정]{NAME}", values, first_filed=date(2026, 1, 5), changes=told))

    def figures(rcept_no: str, *amounts: int) -> list[Figure]:
        accounts = ("매출액", "영업이익", "잡손실", "잡손실")
        return [
            Figure(
                rcept_no, CORP, account, Decimal(amount), "원", "2025", "연결", "III > 2", 7, account,
                "제 9 기", row, 1, f"{amount:,}",
            )
            for row, (account, amount) in enumerate(zip(accounts, amounts, strict=True))
        ]  # fmt: skip

    report, again = "20260318000001", "20260401000001"
    put(
        conn,
        made(report, "사업보고서 (2025.12)", [], period="2025.12", figures=figures(report, 100, 30, 1, 2)),
    )
    put(
        conn,
        made(
            again,
            "[기재정정]사업보고서 (2025.12)",
            [],
            period="2025.12",
            figures=figures(again, 100, 20, 3, 4),
        ),
    )
    async with open_pool(database, size=1) as pool:
        corpus = PostgresCorpus(pool)
        assert await corpus.changes(AMENDED) == [
            Change("3. 금액", "40,000,000,000", "50,000,000,000", True, (1, 2, 1), (1, 2, 1)),
            Change("종료일", "2026-12-31", "2027-12-31", False, (1, 3, 1), (1, 3, 1)),
        ]
        assert await corpus.changes(again) == [
            Change("III > 2 > 영업이익 > 제 9 기", "30", "20", False, (7, 1, 1), (7, 1, 1))
        ]
        assert await corpus.changes(ORIGINAL) == await corpus.changes("없음") == []


def test_histories_link_in_the_database_as_they_do_in_memory(conn: psycopg.Connection[Any]) -> None:
    told = [one for one in History(200).tell() if one.here]
    for one in told[::-1]:
        put(conn, one.made)
    event = {one.filing.rcept_no: one.event for one in told}
    links = conn.execute("select rcept_no, corrects from filing where corrects is not null").fetchall()
    assert len(links) > 3
    assert all(event[newer] == event[older] for newer, older in links)
    superseding = conn.execute("select rcept_no, superseded_by from filing where superseded_by is not null")
    back = conn.execute("select supersedes, rcept_no from filing where supersedes is not null")
    assert sorted(superseding.fetchall()) == sorted(back.fetchall())


def test_status_tells_what_is_here_old_missing_refused_and_open(
    conn: psycopg.Connection[Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(conn, made(ORIGINAL))
    put(conn, made(AMENDED, f"[기재정정]{NAME}", first_filed=date(2026, 1, 5)))
    put(
        conn,
        made("20260202800001", f"[기재정정]{NAME}", [("가", "다른 계약입니다"), ("나", "다른 상대방입니다")]),
    )
    listed(conn, "20260318000001", "사업보고서 (2025.12)")
    listed(conn, "20260319000001", "기업설명회(IR)개최", "", "absent")
    listed(conn, "20260202800001", f"[기재정정]{NAME}", "유정", "fetched")
    conn.execute("update receipt set reason = '시간 안에 답하지 않았습니다.' where state = 'pending'")
    conn.execute("insert into quarantine (source, rcept_no, reason) values ('a.zip', '1', '깨진 zip입니다.')")
    succeeded(conn, "refresh")
    found = overview(conn)
    assert {one["form"]: (one["loaded"], one["to_fetch"], one["absent"]) for one in found["kinds"]} == {
        "11011": (0, 1, 0),
        "I": (0, 0, 1),
        "I001": (3, 0, 0),
    }
    amendments = found["amendments"]
    assert (amendments["unlinked"], amendments["without_text"], amendments["marked"]) == (1, 0, 1)
    assert found["missing"]["failed"][0]["count"] == found["refused"][0]["count"] == 1

    dart = {
        "to_fetch": 1,
        "to_load": 0,
        "absent": 1,
        "listed_through": None,
        "calls_today": 3,
        "calls_left": 7,
    }
    monkeypatch.setattr("core.wiring.extract.extract_status", lambda settings: dict(dart))
    monkeypatch.setattr("core.wiring.etl.states", lambda s: {"loaded": 3, "quarantined": 1, "pending": 0})
    monkeypatch.setattr("core.wiring.extract.etl_overview", lambda settings: found)
    etl_status.status()
    said = capsys.readouterr().out
    for words in (
        "들어 있음 3건  격리 1건  기다림 1건",
        "거래소 수시공시",
        "사업보고서",
        "가장 새 공시 2026-02-02",
        "DART에 원본이 없는 공시 1건",
        "1건 시간 안에 답하지 않았습니다.",
        "1건 깨진 zip입니다.",
        "원공시가 여기 없거나 알 수 없는 정정 1건",
        "정정되었다는 표시(정)만 있고",
        "오늘 OpenDART 호출 3번, 남은 호출 7번",
    ):
        assert words in said, said
    wide = [line for line in said.splitlines() if sum(2 if ord(c) > 0x1100 else 1 for c in line) > 80]
    assert not wide
    etl_status.status(as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert (shown["loaded"], shown["quarantined"], shown["pending"]) == (3, 1, 1)
    assert {"dart", "kinds", "freshness", "missing", "refused", "amendments", "reports"} <= shown.keys()
