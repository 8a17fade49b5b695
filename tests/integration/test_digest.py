"""What subscribers are told of the samples: grouped, folded, ordered, every number from a cell, once."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from bots.digest import digest_text
from core.digest.digest import Digest, compose
from core.digest.received import Received
from core.korean import amount, korean_time, parse_amount
from core.model import Level
from core.profile.glossary import load_glossary
from core.rag.language.mentions import amounts
from core.rag.language.shown import reread
from core.rag.language.spoken import says
from core.rag.language.whens import whens
from core.store.digests import PostgresOutbox
from core.store.subscriptions import PostgresSubscriptions
from tests.doubles.subscribed import (
    AMENDED,
    CONTRACT,
    DASOM,
    GAON,
    NURI,
    SETTINGS,
    jobs,
    load_samples,
    pooled,
    samples,
    sending,
    subscribe,
    text_of,
    told,
)

ROOT = Path(__file__).parents[2]
DAY = date(2025, 8, 11)
GOLDEN = """\
8월 11일(월) 공시 1건

가온전자 (가상의 예시)
[정정] 단일판매ㆍ공급계약체결 <https://dart.fss.or.kr/dsaf001/main.do?rcpNo=20250811800913>
정정한 까닭: 공급 물량과 기간이 늘어남에 따른 정정
  - 정정 계약금액 2조 1,400억원 → 2조 6,500억원
  - 정정 매출액대비 5.33% → 6.60%
  - 정정 계약기간 종료일 2028-05-31 → 2029-05-31
  - 공급계약(차량용 메모리 반도체 장기 공급계약)을 체결했으며, 계약금액은 2조 6,500억원으로 최근 매출액의\
 6.60%입니다. 계약상대: 아라모터스(가상) · 계약기간: 2025년 6월 1일부터 2029년 5월 31일까지\
 · 계약(수주)일자: 2025년 5월 12일

바꾸기: /digest · 지켜보는 회사: /watch"""


@pytest.fixture
def filled(database: str) -> str:
    load_samples(database)
    return database


async def everything(conninfo: str) -> list[Received]:
    async with pooled(conninfo) as pool:
        return await PostgresOutbox(pool).received([one.filing.rcept_no for one in samples()])


def composed(received: list[Received], level: Level = Level.INTERMEDIATE, most: int = 20) -> Digest:
    return compose(received, date(2025, 12, 1), level, most, load_glossary())


@pytest.mark.anyio
async def test_filings_are_grouped_by_company_and_what_matters_most_comes_first(filled: str) -> None:
    digest = composed(await everything(filled))
    assert [group.company for group in digest.groups] == ["누리바이오", "다솜건설", "가온전자"]
    assert [item.title for item in digest.groups[0].items] == ["유상증자결정", "사업보고서 (2024.12)"]
    assert digest.first == "가장 눈여겨볼 공시는 누리바이오의 유상증자결정(증자 전 주식의 20%)입니다."
    assert [item.score for item in digest.groups[0].items] == sorted(
        (item.score for item in digest.groups[0].items), reverse=True
    )
    assert all(group.fictional for group in digest.groups)


@pytest.mark.anyio
async def test_an_amendment_is_folded_into_what_it_amends_and_told_once(filled: str) -> None:
    digest = composed(await everything(filled))
    contracts = [item for item in digest.items if "공급계약" in item.title]
    assert [item.filing.rcept_no for item in contracts] == [AMENDED]
    assert contracts[0].changes[0] == "계약금액 2조 1,400억원 → 2조 6,500억원"
    assert {CONTRACT, AMENDED} <= set(digest.covers)
    assert len(digest.items) == len(samples()) - 1


@pytest.mark.anyio
async def test_more_than_asked_are_counted_and_covered(filled: str) -> None:
    digest = composed(await everything(filled), most=3)
    assert (len(digest.items), digest.more) == (3, 5)
    assert len(digest.covers) == len(samples())
    assert "그 밖에 5건이 더 있어요." in digest_text(digest)


@pytest.mark.anyio
@pytest.mark.parametrize("level", list(Level))
async def test_every_number_is_read_again_from_cells_or_stands_in_the_filing(
    filled: str, level: Level
) -> None:
    received = await everything(filled)
    digest = composed(received, level)
    assert len(digest.items) == 8
    for item in digest.items:
        number = item.filing.rcept_no
        own = [one for one in received if number in (one.filing.rcept_no, one.filing.superseded_by)]
        cells = [figure for one in own for figure in [*one.figures, *([one.equity] if one.equity else [])]]
        texts = "\n".join(text_of_filing(one.filing.rcept_no) for one in own)
        changes = [value for one in own for change in one.changes for value in (change.before, change.after)]
        assert all(figure.verified and all(map(reread, figure.cells)) for figure in item.figures)
        said = "\n".join([item.first, *item.more, *item.changes, item.why, item.note])
        named = whens(said, None)
        for day in named:
            literal = said[day.start : day.end].strip()
            assert day.kind != "일" or literal in texts or literal in changes, (literal, said)
        found = amounts(said, [(day.start, day.end) for day in named])
        assert found or named, said
        for one in found:
            literal = said[one.start : one.end].strip()
            shown = any(says(literal, figure.value, figure.unit) for figure in [*cells, *item.figures])
            changed = any(readable(value, one.unit) == literal for value in changes)
            assert shown or changed or literal in texts, (literal, said)


def text_of_filing(rcept_no: str) -> str:
    filing = next(one for one in samples() if one.filing.rcept_no == rcept_no)
    return "\n".join(passage.text for passage in filing.passages)


def readable(value: str, unit: str | None) -> str | None:
    parsed = parse_amount(value)
    return amount(parsed, unit) if parsed is not None and unit else None


@pytest.mark.anyio
async def test_the_same_figures_at_every_level_and_one_term_for_a_beginner(filled: str) -> None:
    received = await everything(filled)
    beginner, middle, advanced = (composed(received, level) for level in Level)
    assert beginner.term is not None
    assert beginner.term.name == "유상증자"
    assert middle.term is advanced.term is None
    assert not any(item.cells for item in (*beginner.items, *middle.items))
    assert "계약내역 > 계약금액(원) 2,650,000,000,000 (표 3)" in digest_text(advanced)
    assert "2025년 1~9월 매출액은 32조 4,802억원으로 한 해 전보다 11.2% 늘었어요." in digest_text(beginner)
    assert "2025년 1~9월 누적 연결 기준 매출액 32조 4,802억원(+11.2%)" in digest_text(middle)


@pytest.mark.anyio
async def test_a_withdrawn_filing_says_so_and_an_outdated_original_is_not_told(filled: str) -> None:
    with psycopg.connect(filled, autocommit=True) as conn:
        conn.execute("update filing set withdrawn = true where rcept_no = '20250703000915'")
    received = await everything(filled)
    assert "이 공시는 철회되었습니다." in digest_text(composed(received))
    late = composed([one for one in received if one.filing.rcept_no == CONTRACT])
    assert (late.items, late.covers) == ([], [CONTRACT])
    before = compose(
        [one for one in received if one.filing.rcept_no == CONTRACT], date(2025, 5, 12), Level.BEGINNER, 9,
        load_glossary(),
    )  # fmt: skip
    assert len(before.items) == 1


@pytest.mark.anyio
async def test_no_sample_falls_back_to_its_name(filled: str, caplog: pytest.LogCaptureFixture) -> None:
    digest = composed(await everything(filled))
    assert not caplog.records
    assert not any("제출했습니다" in item.first for item in digest.items)


def test_the_dry_run_shows_a_digest_and_marks_nothing(filled: str) -> None:
    async def run() -> list[str]:
        async with pooled(filled) as pool:
            shown = [digest_text(digest) async for _, digest in sending(pool).preview(DAY)]
            await subscribe(pool, 1, [GAON])
            await subscribe(pool, 2, [DASOM], empty=True)
            return shown + [digest_text(digest) async for _, digest in sending(pool).preview(DAY)]

    whole, one, other = asyncio.run(run())
    assert whole == one == GOLDEN
    assert other.startswith("8월 11일(월) 공시 없음\n")
    assert (jobs(filled), told(filled)) == ({}, [])


def all_days() -> list[date]:
    return sorted({one.filing.rcept_dt for one in samples()})


def test_day_after_day_each_is_told_once_and_again_nothing(filled: str) -> None:
    async def run() -> list[int]:
        async with pooled(filled) as pool:
            await subscribe(pool, 1, [GAON, NURI, DASOM])
            await subscribe(pool, 2, ["*"])
            await subscribe(pool, 3, [DASOM])
            return [await sending(pool).daily(day) for day in [*all_days(), *all_days()]]

    put = asyncio.run(run())
    assert sum(put) == len(jobs(filled))
    assert put[len(all_days()) :] == [0] * len(all_days())
    items = told(filled)
    assert Counter(chat for chat, _ in items) == {"1": 9, "2": 7, "3": 2}
    assert len(set(items)) == len(items)
    payload = jobs(filled)[f"digest:1:{DAY}"]
    assert payload["place"] == {"platform": "telegram", "chat": "1", "thread": None, "private": True}
    assert "계약금액 2조 1,400억원 → 2조 6,500억원" in text_of(payload)


def test_what_is_loaded_late_is_told_later_and_what_came_before_is_not(database: str) -> None:
    early = [one for one in samples() if one.filing.rcept_no == "20250609000914"]
    late = [one for one in samples() if one.filing.rcept_no == "20250703000915"]

    async def run() -> None:
        async with pooled(database) as pool:
            await subscribe(pool, 1, [NURI, DASOM], at=datetime(2025, 7, 1, tzinfo=UTC))
            load_samples(database, early)  # received before the subscription
            assert await sending(pool).daily(date(2025, 7, 4)) == 0
            load_samples(database, late)
            assert await sending(pool).daily(date(2025, 7, 7)) == 1
            assert await sending(pool).daily(date(2025, 7, 8)) == 0

    asyncio.run(run())
    assert told(database) == [("1", "20250703000915")]
    assert "(7월 3일 접수)" in text_of(next(iter(jobs(database).values())))


def test_a_time_that_has_passed_waits_for_the_next_trading_day(filled: str) -> None:
    """2025-08-08 was a Friday, 2025-08-15 a holiday."""

    async def run() -> list[int]:
        found = []
        async with pooled(filled) as pool:
            await subscribe(pool, 1, [GAON], at=seoul(8, 8, 19))
            for day, hour in ((8, 20), (9, 20), (11, 18), (11, 19), (11, 20), (15, 20)):
                found.append(await sending(pool, now=lambda day=day, hour=hour: seoul(8, day, hour)).daily())
        return found

    assert asyncio.run(run()) == [0, 0, 0, 1, 0, 0]


def seoul(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return korean_time(datetime(2025, month, day, hour - 9, minute, tzinfo=UTC))


def test_chosen_kinds_are_told_at_once_and_not_again(filled: str) -> None:
    async def run() -> list[int]:
        async with pooled(filled) as pool:
            await subscribe(pool, 1, [NURI, GAON], instant=["유상증자"])
            await subscribe(pool, 2, ["*"], instant=["전체"])
            await subscribe(pool, 3, [NURI])
            night, day = seoul(6, 9, 23), seoul(6, 9, 10)
            pushed = [await sending(pool, now=lambda at=at: at).instant() for at in (night, day, day)]
            return [*pushed, await sending(pool).daily(date(2025, 6, 9))]

    assert asyncio.run(run()) == [0, 2, 0, 1]
    assert sorted(told(filled)) == [(chat, "20250609000914") for chat in "123"]
    pushed = [key for key in jobs(filled) if key.startswith("push:")]
    assert len(pushed) == 2
    assert text_of(jobs(filled)[pushed[0]]).startswith("새 공시 1건")


def test_one_that_cannot_be_told_holds_back_nobody(filled: str) -> None:
    async def run() -> int:
        async with pooled(filled) as pool:
            for number in range(1, 6):
                await subscribe(pool, number, [GAON])
            one = sending(pool)
            pack = one.pack
            one.pack = lambda subscriber, digest: (
                pack(subscriber, digest) if subscriber.address.chat != "2" else 1 / 0  # type: ignore[return-value]
            )
            assert await one.daily(DAY) == 4
            one.pack = pack
            return await one.daily(DAY)

    assert asyncio.run(run()) == 1
    assert len(told(filled)) == 5


def test_a_blocked_subscriber_is_told_nothing_more(filled: str) -> None:
    async def run() -> tuple[int, int]:
        async with pooled(filled) as pool:
            await subscribe(pool, 1, [GAON])
            await subscribe(pool, 2, [GAON])
            await sending(pool).daily(date(2025, 5, 12))
            stopped = await PostgresSubscriptions(pool, clock(18, 30)).stop("telegram", "1")
            return stopped, await sending(pool).daily(DAY)

    assert asyncio.run(run()) == (1, 1)
    assert {chat for chat, _ in told(filled)} == {"2"}
    with psycopg.connect(filled, autocommit=True) as conn:
        states = dict(conn.execute("select key, replace(state, 'waiting', 'todo') from job").fetchall())
    assert states == {
        "digest:1:2025-05-12": "done", "digest:2:2025-05-12": "todo", f"digest:2:{DAY}": "todo",
    }  # fmt: skip


def test_replicas_at_once_put_each_digest_once(filled: str) -> None:
    async def run() -> list[int]:
        async with pooled(filled) as first, pooled(filled) as second:
            for number in range(60):
                await subscribe(first, number, [GAON, "*"])
            return await asyncio.gather(*(sending(pool).daily(DAY) for pool in (first, second, first)))

    assert sum(asyncio.run(run())) == 60
    assert len(jobs(filled)) == 60
    assert len(told(filled)) == 60


PROGRAM = """
import asyncio, sys
from datetime import date
from tests.doubles.subscribed import pooled, sending

async def run():
    async with pooled(sys.argv[1]) as pool:
        print("ready", flush=True)
        await sending(pool).daily(date(2025, 8, 11))

asyncio.run(run())
"""


def test_killed_in_the_middle_again_and_again_each_is_told_once(filled: str) -> None:
    async def prepare() -> None:
        async with pooled(filled) as pool:
            for number in range(400):
                await subscribe(pool, number, [GAON])

    asyncio.run(prepare())
    counts = []
    while len(counts) < 20:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, filled], stdout=subprocess.PIPE, env=environment, cwd=ROOT
        ) as program:
            assert program.stdout is not None
            program.stdout.readline()
            if len(counts) < 4:
                wait_for_more(filled, counts[-1] if counts else 0)
                program.send_signal(signal.SIGKILL)
        counts.append(len(jobs(filled)))
        if counts[-1] == 400:
            break
    assert 0 < counts[0] < counts[2] < 400  # it did die in the middle
    assert counts[-1] == 400
    assert len(told(filled)) == len(set(told(filled))) == 400
    with psycopg.connect(filled, autocommit=True) as conn:
        ((apart,),) = conn.execute(
            "select count(*) from digest_item full join job on key = 'digest:' || subscriber || ':2025-08-11'"
            " where key is null or subscriber is null"
        ).fetchall()
    assert apart == 0


def wait_for_more(conninfo: str, than: int) -> None:
    with psycopg.connect(conninfo, autocommit=True) as conn:
        for _ in range(1000):
            ((count,),) = conn.execute("select count(*) from job").fetchall()
            if count > than + 5:
                return
            time.sleep(0.005)


def test_messages_are_spread_at_the_pace_of_the_settings(filled: str) -> None:
    async def run() -> None:
        async with pooled(filled) as pool:
            for number in range(10):
                await subscribe(pool, number, [GAON])
            await sending(pool, settings=SETTINGS.model_copy(update={"per_second": 4.0})).daily(DAY)

    asyncio.run(run())
    with psycopg.connect(filled, autocommit=True) as conn:
        times = [at for (at,) in conn.execute("select run_at from job order by id").fetchall()]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap >= timedelta(seconds=0.25) for gap in gaps)
    assert times[-1] - times[0] < timedelta(seconds=3)


def test_what_was_told_is_forgotten_when_it_is_too_old_to_be_told_again(filled: str) -> None:
    async def run() -> tuple[int, int]:
        async with pooled(filled) as pool:
            await subscribe(pool, 1, [GAON])
            await sending(pool).daily(DAY)
            outbox = PostgresOutbox(pool)
            now = datetime.now(UTC)
            early = await outbox.forget(now + timedelta(days=1))
            async with pool.connection() as conn:
                await conn.execute("update digest_item set told_at = now() - interval '40 days'")
            return early, await outbox.forget(now - timedelta(days=30))

    assert asyncio.run(run()) == (0, 1)


def gongsi(conninfo: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GONGSI_")}
    return subprocess.run(
        [sys.executable, "-c", "from bots.cli import main; main()", "digest", "run", *arguments],
        env={**kept, "GONGSI_DATABASE__URL": conninfo, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_shows_and_sends(filled: str) -> None:
    shown = gongsi(filled, "--dry-run", "--date", str(DAY))
    head = "── 구독자가 없어, 전체 중요 공시를 보는 사람이 받을 내용 · 중급 ──\n"
    assert shown.stdout == f"{head}{GOLDEN}\n\n", shown.stderr
    assert gongsi(filled, "--date", str(DAY)).stdout == "보낼 요약이 없습니다.\n"

    async def watch() -> None:
        async with pooled(filled) as pool:
            await subscribe(pool, 1, [GAON])

    asyncio.run(watch())
    assert gongsi(filled, "--date", str(DAY)).stdout == "1곳에 보낼 요약을 넣었습니다.\n"
    assert gongsi(filled, "--date", str(DAY)).stdout == "보낼 요약이 없습니다.\n"
    assert list(jobs(filled)) == [f"digest:1:{DAY}"]
    wrong = gongsi(filled, "--date", "어제")
    assert (wrong.returncode, wrong.stderr) == (2, "날짜는 2025-08-11 꼴이어야 합니다: 어제\n")
