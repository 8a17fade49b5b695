"""Questions about what filings tell of besides their own company: a subsidiary, a target."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid4, uuid5

import psycopg
import pytest

from bots.commands.ask import finish
from core.model import Answer, Chunk, Figure, Filing, Passage, Transformed
from core.rag.answering import Answering
from core.settings import Settings
from core.store.connect import open_pool
from core.store.corpus import PostgresCorpus
from core.store.index import index_chunks
from core.store.load import load
from core.wiring.answering import open_answering
from core.wiring.models import build_embedder, build_tokenizer

pytestmark = pytest.mark.anyio

TODAY = date(2025, 11, 24)
REPORT = Filing(
    "20250318000801", "09900801", "다온리테일", "사업보고서 (2024.12)", "11011", date(2025, 3, 18),
    period="2024.12", fictional=True,
)  # fmt: skip
EVENT = Filing(
    "20231031000802", "09900802", "누리퍼시픽", "주요사항보고서(타법인주식및출자증권양수결정)", "B001",
    date(2023, 10, 31), fictional=True,
)  # fmt: skip
NOTES, FORM = "III. 재무에 관한 사항 > 3. 연결재무제표 주석", "타법인 주식 및 출자증권 양수결정"
SUMMARY = "나. 종속기업의 요약 재무정보"
COLUMNS = ("자산", "부채", "매출", "당기순손익")
OWN = {"매출액": 9_000, "당기순이익": 900, "부채총계": 5_000}
SUBSIDIARIES = {  # of this year and the year before
    "주식회사 에스엔지닷컴(*2)": ((240, 100, 157, -69), (250, 103, 167, -104)),
    "다온건설 주식회사": ((170, 117, 100, -12), (117, 114, 80, -15)),
    "Marven": ((50, 20, 30, 4), (45, 25, 25, 3)),
}
DEALINGS = {"주식회사 다온물산": 77}


def _cell(
    filing: Filing, table: int, row: str, column: str, value: int, period: str | None, **more: object
) -> Figure:
    report = bool(filing.period)
    made = Figure(
        rcept_no=filing.rcept_no, corp_code=filing.corp_code, account=column, unit="원", period=period,
        value=Decimal(value) * 1_000_000, basis="연결" if report else None, section=NOTES if report else FORM,
        table=table, row=row, column=column, row_no=1, column_no=1, cell=f"{value:,}".replace("-", "△"),
        scale=1_000_000,
    )  # fmt: skip
    return made._replace(**more)  # type: ignore[arg-type]


def _report() -> Iterator[Figure]:
    for at, (account, value) in enumerate(OWN.items(), 1):
        period = "2024.12 말" if account.endswith("총계") else "2024"
        yield _cell(REPORT, 1, account, "당기", value, period, account=account, row_no=at)
    for table, year in ((2, 2024), (3, 2023)):
        for at, (name, years) in enumerate(SUBSIDIARIES.items(), 1):
            for to, (column, value) in enumerate(zip(COLUMNS, years[table - 2], strict=True), 1):
                period = f"{year}.12 말" if to < 3 else str(year)
                where = {"row_no": at, "column_no": to, "segment": name.removesuffix("(*2)")}
                yield _cell(REPORT, table, name, column, value, period, caption=SUMMARY, **where)
    for name, value in DEALINGS.items():
        yield _cell(REPORT, 4, name, "매출", value, "2024", segment=name, caption="30. 특수관계자와의 거래")


def _event() -> Iterator[Figure]:
    yield _cell(EVENT, 1, "2. 양수내역 > 양수금액(원)", "", 755, None, account="양수금액")
    yield _cell(EVENT, 1, "2. 양수내역 > 총자산(원)", "", 5_801, None, account="총자산", row_no=2)
    for at, (row, period, sales, profit) in enumerate(
        (("전년도", "2022", 204, 36), ("전전년도", "2021", 123, 17)), 1
    ):
        caption = "【 발행회사의 요약 재무상황 】"
        yield _cell(EVENT, 2, row, "매출액", sales, period, caption=caption, row_no=at)
        yield _cell(EVENT, 2, row, "당기순이익", profit, period, caption=caption, row_no=at, column_no=2)


def _text(filing: Filing, figures: Sequence[Figure]) -> str:
    by_row: dict[str, list[str]] = {}
    for cell in figures:
        by_row.setdefault(cell.row, []).append(cell.cell)
    rows = "\n".join(f"| {row} | {' | '.join(cells)} |" for row, cells in by_row.items())
    if filing is EVENT:
        return (
            "누리퍼시픽은 주식회사 코스엘라 (COSELA INC.) 주식을 양수하기로 결정했다.\n"
            f"| 1. 발행회사 |  | 회사명 | 주식회사 코스엘라 (COSELA INC.) |  |\n{rows}"
        )
    return f"종속기업인 다온건설 주식회사와 주식회사 에스엔지닷컴의 내역은 다음과 같습니다.\n{rows}"


@pytest.fixture(scope="module")
def told(samples: Settings) -> Settings:
    """The samples, a report that tells of subsidiaries, and an acquisition."""
    tokenizer = build_tokenizer()
    embedder = build_embedder(samples.embedding, tokenizer)
    made = []
    for filing, figures, path in ((REPORT, list(_report()), NOTES), (EVENT, list(_event()), FORM)):
        text = _text(filing, figures)
        chunk = Chunk(
            str(uuid5(NAMESPACE_OID, filing.rcept_no)), filing.rcept_no, filing.corp_code, 0, 0,
            f"{filing.corp_name} › {filing.report_nm} › {path}", text,
        )  # fmt: skip
        made.append(
            Transformed(
                filing=filing,
                markdown=text,
                passages=[Passage(filing.rcept_no, 0, path, text)],
                chunks=[chunk],
                figures=figures,
                changes=(),
                warnings=(),
                digest=filing.rcept_no,
            )
        )
    with psycopg.connect(samples.database.url, autocommit=True) as conn:
        load(conn, made, lambda c, new: index_chunks(c, new, tokenizer, embedder))
    return samples


@pytest.fixture(scope="module")
async def answering(told: Settings) -> AsyncIterator[Answering]:
    async with open_answering(told) as opened:
        yield opened


async def ask(answering: Answering, *texts: str) -> Answer:
    conversation = uuid4().hex
    for text in texts:
        done, _ = await finish(answering, text, conversation=conversation, today=TODAY)
    return done.answer


def values(answer: Answer) -> list[int]:
    return [int(figure.value // 1_000_000) for figure in answer.figures if not figure.formula]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("다온건설 2024년 매출은 얼마야?", 100),
        ("SNG닷컴 2024년에 당기순손실이 얼마였어?", -69),
        ("에스엔지닷컴 2023년 말 부채총계는?", 103),
        ("다온리테일 자회사 마벤 2024년 매출액 얼마야?", 30),
        ("코스엘라의 2022년 매출은 얼마였어?", 204),
        ("누리 공시에 나온 코스엘라 2021년 당기순이익은?", 17),
    ],
)
async def test_its_own_figure_is_read_and_whose_filing_it_is_from_is_said(
    answering: Answering, text: str, value: int
) -> None:
    answer = await ask(answering, text)
    assert values(answer) == [value]
    assert "의 공시에 나온" in answer.text


async def test_what_stands_in_a_form_under_its_role_has_its_name(answering: Answering) -> None:
    answer = await ask(answering, "코스엘라의 2022년 매출은 얼마였어?")
    assert "누리퍼시픽의 공시에 나온 2022년 코스엘라 매출액" in answer.text


async def test_two_of_them_side_by_side(answering: Answering) -> None:
    assert values(await ask(answering, "다온건설이랑 에스엔지닷컴 2024년 매출 알려줘")) == [100, 157]


async def test_a_follow_up_is_of_the_same(answering: Answering) -> None:
    asked = "다온건설 2024년 매출은 얼마야?", "전년보다 매출이 몇 퍼센트 늘어난 거야?"
    assert values(await ask(answering, *asked)) == [100, 80]
    assert values(await ask(answering, *asked, "에스엔지닷컴 매출은?")) == [157]
    assert values(await ask(answering, *asked, "다온리테일 2024년 매출액은?")) == [9_000]


@pytest.mark.parametrize(
    "text",
    [
        "다온건설 2024년 영업이익은 얼마야?",  # its own company's is not told either
        "다온건설 2019년 매출은 얼마야?",
        "다온건설 우발부채는 2024년 말에 얼마야?",  # 부채 is another account
        "다온물산 2024년 매출은 얼마야?",  # what was sold to it is not what it sold
        "다온푸드 2024년 매출은 얼마야?",
        "다온푸드랑 다온건설 2024년 매출은?",
        "누리퍼시픽 2022년 매출액은?",  # the form has that of whom it buys
        "코스엘라 총자산은 얼마야?",  # the form has that of who buys it
        "우리 회사 다온건설 매출은 얼마야?",
        "누리뱅크 2022년 매출은?",
        "다온 2024년 매출은 얼마야?",  # may be another company, and nothing says which
    ],
)
async def test_nothing_else_answers(answering: Answering, text: str) -> None:
    answer = await ask(answering, text)
    assert (answer.refused, values(answer)) == (True, [])


async def test_words_of_filings_that_begin_with_a_name(told: Settings) -> None:
    async with open_pool(told.database.url) as pool:
        corpus, terms = PostgresCorpus(pool), build_tokenizer().terms
        assert await corpus.words_of("다온건설", terms("다온건설")) == [(REPORT.corp_code, "다온건설", True)]
        assert await corpus.words_of("cosela", terms("cosela")) == [(EVENT.corp_code, "COSELA", False)]
        assert await corpus.words_of("다온물류", terms("다온물류")) == []
        assert await corpus.latin_labels(REPORT.corp_code) == ["Marven"]
        assert await corpus.latin_labels(EVENT.corp_code) == []
