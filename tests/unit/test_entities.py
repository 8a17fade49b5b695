"""Whose filing a question is about that names no company as filings do."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest

from core.model import Company
from core.ports import Corpus, Tokenizer
from core.profile.glossary import load_glossary
from core.rag.language.companies import find_companies
from core.rag.question.entities import Names, Whose

ACORN, MART, CHEM, AUTO, HOLD = "1", "2", "3", "4", "5"
COMPANIES = [
    Company(ACORN, "누리퍼시픽"),
    Company(MART, "다온리테일"),
    Company(CHEM, "마루소재비엠"),
    Company(AUTO, "한빛오토링크"),
    Company(HOLD, "가람금융지주"),
]
TEXTS = {
    ACORN: "누리퍼시픽은 주식회사 코스엘라 (COSELA INC.)의 주식을 양수한다. 코스엘라는 회사다. 국민연금",
    MART: "주식회사 에스엔지닷컴과 그 종속기업, 다온건설 주식회사, 주식회사 별마당하늘, 주식회사 별마당바다,"
    " ERP, 국민연금, ㈜누리, 조은건강보험㈜",
    CHEM: "마루소재비엠은 CAM7 공장을 새로 짓는다.",
    AUTO: "차세대 ERP 구축 계약, 하늘자동차그룹",
    HOLD: "가람손해보험㈜은 엔지생명보험 매각의 우선협상대상자로 선정되었다.",
}


@dataclass
class Texts:
    """core.ports.Corpus, as far as names are asked of it: one text a company."""

    latin: Mapping[str, Sequence[str]] = field(default_factory=dict)

    async def words_of(
        self, name: str, terms: Sequence[str], *, corp_code: str | None = None
    ) -> list[tuple[str, str, bool]]:
        legal = r"(?:주식회사|㈜)"
        word = rf"({legal}\s*)?(?<![가-힣A-Za-z0-9&])({re.escape(name)}[가-힣A-Za-z0-9&]*)(\s*{legal})?"
        return [
            (code, found[2], bool(found[1] or found[3]))
            for code, text in TEXTS.items()
            for found in re.finditer(word, text, re.IGNORECASE)
        ]

    async def latin_labels(self, corp_code: str) -> list[str]:
        return list(self.latin.get(corp_code, ()))


class Runs:
    """A tokenizer that takes every run for a name but for common words."""

    common = ("매출", "순이익", "영업이익", "공장", "지분", "건설", "별마당", "완공", "매각")

    def names(self, text: str) -> list[str]:
        runs = re.findall(r"[가-힣A-Za-z0-9&]+", text)
        plain = re.compile(rf"(?:{'|'.join(self.common)})|\d+년?|작년|얼마\S*|알려\S*|우리|회사|목적")
        return [run for run in runs if not plain.match(run)]

    def terms(self, text: str) -> list[str]:
        return [f"{run.lower()}/N" for run in re.findall(r"[가-힣A-Za-z0-9&]+", text)]


def whose(text: str, latin: Mapping[str, Sequence[str]] | None = None) -> Whose:
    names = Names(cast(Corpus, Texts(latin or {})), cast(Tokenizer, Runs()), load_glossary())
    return asyncio.run(names.whose(text, find_companies(text, COMPANIES), COMPANIES))


def codes(found: Whose) -> list[str]:
    return [company.corp_code for company in found.companies]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("누리가 코스엘라 지분 살 때 얼마 줬어", ACORN),
        ("마루소재 CAM7 공장 완공", CHEM),
        ("마루소재BM CAM7 공장", CHEM),
        ("오토링크 ERP 얼마", AUTO),  # a long ending, and a word that its filing says
        ("가람 가람손해보험 매각", HOLD),
    ],
)
def test_a_part_of_a_name_counts_with_something_else_of_that_company_alone(text: str, code: str) -> None:
    assert codes(whose(text)) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "마루소재 작년 영업이익",  # may be another listed company
        "마루소재 국민연금 지분",  # two companies' filings say it
        "마루소재화학 CAM9 공장",
        "누리뱅크 작년 순이익",
        "리테일 매출 얼마",
    ],
)
def test_a_part_of_a_name_alone_is_no_company(text: str) -> None:
    assert whose(text).companies == []


@pytest.mark.parametrize(
    ("text", "code", "filed"),
    [
        ("코스엘라의 작년 매출", ACORN, ["코스엘라"]),
        ("다온건설 매출 얼마", MART, ["다온건설"]),
        ("SNG닷컴 작년 순이익", MART, ["에스엔지닷컴"]),  # letters as Koreans read them
        ("별다방(에스엔지닷컴) 작년 매출", MART, ["에스엔지닷컴"]),  # brackets that say the same
        ("가람손해보험 NG생보 매각", HOLD, ["가람손해보험", "엔지생명보험"]),  # syllables of it
        ("별마당하늘 매출", MART, ["별마당하늘"]),  # common nouns, which a legal form makes a name
        ("조은건강 매출", MART, ["조은건강보험"]),  # begun, in one way alone
    ],
)
def test_what_one_company_alone_names_is_of_its_filings(text: str, code: str, filed: list[str]) -> None:
    found = whose(text)
    assert codes(found) == [code]
    assert [entity[1] for entity in found.entities] == filed


@pytest.mark.parametrize(
    "text",
    [
        "별마당 매출",  # two of them begin so
        "국민연금 지분 얼마",  # two companies' filings name it
        "다온푸드 매출 얼마",
        "다온푸드 다온건설 매출",  # somebody else is named as well
        "하늘자동차 매출",  # only a group of that name
        "ERP 매출",
        "우리 회사 다온건설 매출",
        "작년 매출 얼마",
    ],
)
def test_what_no_filing_names_or_several_do_is_of_none(text: str) -> None:
    found = whose(text)
    assert (found.companies, list(found.entities)) == ([], [])


def test_a_foreign_name_of_the_labels_is_known_by_its_sound() -> None:
    latin = {MART: ["Haron", "Total"]}
    assert list(whose("다온리테일 하론 매출", latin).entities) == [("하론", "Haron")]
    assert list(whose("다온리테일 하른 매출", {MART: ["Haron", "Heron"]}).entities) == []
    said = whose("다온리테일 다온건설 매출", {MART: ["Taongonsol"]})  # in Hangul as well
    assert list(said.entities) == [("다온건설", "다온건설")]


def test_beside_its_company_one_other_is_asked_about_unless_it_only_deals_with_it() -> None:
    assert list(whose("다온리테일 다온건설의 매출").entities) == [("다온건설", "다온건설")]
    for text in (
        "다온리테일이 다온건설에 판 매출",
        "다온리테일 다온건설 에스엔지닷컴 매출",
        "다온리테일 국민연금 지분",
    ):
        assert list(whose(text).entities) == []


def test_of_several_companies_of_one_front_the_one_that_something_else_tells_of() -> None:
    companies = [Company("7", "한빛반도체"), Company("8", "한빛약품"), Company(AUTO, "한빛오토링크")]
    names = Names(cast(Corpus, Texts()), cast(Tokenizer, Runs()), load_glossary())

    def found(text: str) -> Whose:
        return asyncio.run(names.whose(text, find_companies(text, companies), companies))

    assert codes(found("한빛 하늘자동차그룹 얼마")) == [AUTO]
    assert found("한빛 매출 얼마").ambiguous
