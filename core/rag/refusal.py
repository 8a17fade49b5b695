"""What is said instead of an answer; each names what the person can do next."""

import re
from collections.abc import Sequence

from core.korean import particle, squeeze
from core.model import Evidence, Filing, Question
from core.rag.language.accounts import account_groups, spoken_as
from core.rag.language.reading import read
from core.rag.question.asked import units_asked
from core.rag.question.intent import topical
from core.rag.understand import names_something

_AMOUNT_ASKED = re.compile(r"얼마(?!나)|액수|금액은|잔액은|몇\s*(?:조|억|만)?\s*원")
_BRACKETS = re.compile(r"\(.*?\)")
_MONEY = re.compile(r"USD|US\$|\$|EUR|유로|달러|\d\s*[조억]")
_WITHHELD = re.compile(r"유보|비밀|비공개")
_SAID = {
    "advice": "사고파는 판단은 대신해 드리지 않아요. 대신 공시에 적힌 실적, 재무 상태, 자금 조달 내용은 "
    "찾아 드릴 수 있어요.",
    "prediction": "앞으로의 실적이나 주가는 공시로 확인할 수 없어 답하지 않아요. "
    "이미 공시된 숫자나 회사가 밝힌 "
    "계획은 찾아 드릴 수 있어요.",
    "private": "개인의 사적인 정보는 답하지 않아요.",
    "off_topic": "저는 상장회사의 공시를 근거로만 답해요. 회사 이름과 궁금한 점을 적어 주세요. "
    "예) 작년 영업이익이 얼마야?",
}


def refuse(question: Question, filings: Sequence[Filing], unnamed: Sequence[str] = ()) -> tuple[str, str]:
    """(reason, text). The reason is one of data/answers: not_in_corpus, ambiguous, advice …

    `unnamed` is who the question names and no filing does.
    """
    if question.intent == "ambiguous":
        names = ", ".join(company.corp_name for company in question.companies)
        return "ambiguous", f"어느 회사를 말씀하시는지 골라 주세요: {names}"
    if question.intent in _SAID:
        return question.intent, _SAID[question.intent]
    if not question.companies and not question.accounts and not topical(question.text):
        return "off_topic", _SAID["off_topic"]
    if not question.companies and not names_something(question):
        return (
            "ambiguous",
            "어느 회사를 말씀하시는지 회사 이름을 함께 적어 주세요. 예) 가온전자 작년 영업이익이 얼마야?",
        )
    if unnamed and question.companies:
        name = question.companies[0].corp_name
        who = particle(", ".join(unnamed), "을/를")
        said = f"{who} {name}의 공시에서 찾지 못해 답할 수 없어요."
        return "not_in_corpus", f"{said} 공시에 다른 이름으로 적혀 있다면 그 이름으로 물어 주세요."
    return "not_in_corpus", _missing(question, filings)


def _missing(question: Question, filings: Sequence[Filing]) -> str:
    if not question.companies:
        return (
            "물으신 내용이 적힌 공시를 찾지 못해 답할 수 없어요. "
            "회사 이름을 함께 적거나, `gongsi etl import`로 그 공시를 넣은 뒤 다시 물어 주세요."
        )
    name = question.companies[0].corp_name
    if question.strict:
        asked = particle(question.entities[0][0], "은/는")
        return f"{asked} {name}의 공시에만 나오는데, 물으신 내용은 거기에 없어 답할 수 없어요."
    have = ", ".join(dict.fromkeys(filing.report_nm for filing in filings[:6])) or "없음"
    return (
        f"{name}의 공시에서 물으신 내용을 찾지 못했어요. "
        f"기간이나 연결·별도가 다르면 다른 숫자로 답하지 않아요. 가지고 있는 공시: {have}"
    )


def lacks_account(evidence: Sequence[Evidence], question: Question) -> bool:
    """Whether the amount of an account is asked and nothing that would be said says that account."""
    if not question.accounts or question.compare or not units_asked(question.text) & {"원", "%"}:
        return False
    said = squeeze(" ".join(one for piece in evidence for one in piece.said[: piece.core])).lower()
    if _WITHHELD.search(said):
        return False
    asked = squeeze(question.text).lower()
    names = [
        name
        for group in account_groups(question.accounts)
        for name in (*spoken_as(group, asked), *(squeeze(_BRACKETS.sub("", one)) for one in group))
    ]
    return not any(name.lower() in said for name in names)


def lacks_number(evidence: Sequence[Evidence], question: Question) -> bool:
    """Whether an amount is asked and nothing that would be said has one: it is not there."""
    if not _AMOUNT_ASKED.search(question.text):
        return False
    said = [one for piece in evidence for one in piece.said[: piece.core]]
    return not any(number.unit for one in said for number in read(one).amounts) and not any(
        _MONEY.search(one) or _WITHHELD.search(one) for one in said
    )
