"""The bot's own prompts as records: what it would be shown for a question, and a draft that it would keep."""

import random
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.korean import particle
from core.model import Brief, Company, Figure, Filing, Level
from core.ports import Corpus, LanguageModel, Tokenizer
from core.profile.glossary import Glossary
from core.rag.generate import write_brief
from core.rag.language.companies import find_companies
from core.rag.language.wording import period_words
from core.rag.placeholders import placeholder
from core.rag.retrieve import Research
from core.rag.understand import understand
from core.rag.writing import Writing
from core.settings import Retrieval
from finetune.record import Record

# Main accounts of statements as people ask for them.
ACCOUNTS = (
    "매출액", "영업이익", "당기순이익", "자산총계", "부채총계", "자본총계",
    "유동자산", "유동부채", "재고자산", "현금및현금성자산",
)  # fmt: skip
_ASKED = {
    Level.BEGINNER: ("{when} {company} {account} 얼마예요?", "{company} {account} {when}에 어땠어요?"),
    Level.INTERMEDIATE: (
        "{company} {when} {account_topic} 얼마이고 전보다 늘었나요?",
        "{company}의 {when} {account} 알려 주세요.",
    ),
    Level.ADVANCED: (
        "{company} {when} {basis} 기준 {account_and} 증감률",
        "{company} {when} {basis} {account}",
    ),
}
_TOLD = (
    "{company} {event} 내용 알려 주세요.",
    "{company} {event} 요약",
    "{company} {event}에서 중요한 것은 뭔가요?",
)
_SENTENCE = re.compile(r"[다요]\.(?: \[\d+\])*$", re.MULTILINE)
REFUSED = ("advice", "prediction", "private", "off_topic", "ambiguous")


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    level: Level
    company: Company


@dataclass(frozen=True)
class Asking:
    """What the bot does up to the model's draft: `core/rag/graph.py` without memory and without a person.

    `room` is what the writer can read, in tokens as `core.rag.generate.tokens` estimates. The `teacher`
    writes figures out.
    """

    corpus: Corpus
    tokenizer: Tokenizer
    research: Research
    glossary: Glossary
    retrieval: Retrieval
    room: int
    teacher: LanguageModel

    async def brief(self, text: str, level: Level, today: date) -> Brief | None:
        """None where the bot would refuse or finds nothing."""
        companies = await self.corpus.companies()
        named = find_companies(text, companies)
        codes = [company.corp_code for company in named[0]]
        question = understand(
            text,
            named=named,
            today=today,
            lay=self.glossary.formal,
            terms=tuple(self.tokenizer.terms(text)),
            filed=await self.corpus.accounts_in(codes, text) if codes else (),
            previous=None,
        )
        if question.intent in REFUSED:
            return None
        route = self.retrieval.route(level)
        found = await self.research.find(question, route)
        if not found.evidence:
            return None
        words = text + " ".join(figure.label for figure in found.figures)
        terms = self.glossary.above(words, level)
        return write_brief(question, level, route, found.evidence, found.figures, terms, self.room)


async def draft(brief: Brief, teacher: LanguageModel) -> str:
    """What the teacher says, with placeholders for the figures; quotations stay as they are."""
    lines = "".join([piece async for piece in teacher.stream(brief)]).splitlines()
    said = (line if line.startswith("- ") else _placed(line, brief) for line in lines)
    return "\n".join(said).strip()


def _placed(line: str, brief: Brief) -> str:
    texts = [(figure.text, n) for n, figure in enumerate(brief.figures, 1) if not figure.disputed]
    texts += [(text.removeprefix("-"), n) for text, n in texts if text.startswith("-")]
    for text, n in sorted(texts, key=lambda one: -len(one[0])):
        at = line.find(text)
        if at >= 0 and not line[at - 1 : at].isdigit() and "{{" not in line[max(0, at - 2) : at]:
            line = line.replace(text, placeholder(n), 1)
    return line


async def verified(brief: Brief, said: str, tokenizer: Tokenizer, this_year: int) -> bool:
    """Whether the bot would say all of it."""
    writing = Writing(brief, tokenizer.terms, lambda _: None, this_year)
    written = await writing.write([_Once(said)], lambda _: None)
    return not written.dropped and bool(written.citations)


@dataclass(frozen=True, slots=True)
class _Once:
    said: str
    name: str = "draft"

    async def stream(self, brief: Brief) -> AsyncGenerator[str, None]:  # noqa: ARG002
        yield self.said


def questions(
    company: Company, filings: Sequence[Filing], figures: Sequence[Figure], seed: int
) -> Iterator[Question]:
    """Of the main accounts of each period filed, and of each event; each at every level in other words."""
    rng = random.Random(f"{seed}:{company.corp_code}")  # noqa: S311  # to choose wordings
    seen = set()
    for figure in figures:
        account = next((a for a in ACCOUNTS if figure.account.split("(")[0] in (a, f"수익({a}")), None)
        told = (account, figure.period, figure.basis)
        if account is None or not figure.period or figure.segment or told in seen:
            continue
        seen.add(told)
        for level in Level:
            words = {
                "company": company.corp_name,
                "when": period_words(figure.period, level),
                "account": account,
                "account_and": particle(account, "과/와"),
                "account_topic": particle(account, "은/는"),
                "basis": figure.basis or "연결",
            }
            yield Question(rng.choice(_ASKED[level]).format(**words), level, company)
    for filing in filings:
        if filing.period is None and not filing.superseded_by and not filing.withdrawn:
            event = filing.report_nm.split("(")[-1].rstrip(")").split("]")[-1]
            for level in Level:
                yield Question(
                    rng.choice(_TOLD).format(company=company.corp_name, event=event), level, company
                )


async def answer_record(asking: Asking, question: Question, today: date) -> Record | str:
    """Or the Korean reason why there is none."""
    brief = await asking.brief(question.text, question.level, today)
    if brief is None:
        return "봇이 답하지 않는 질문"
    said = await draft(brief, asking.teacher)
    if not brief.figures and not _SENTENCE.search(said):
        return "문장이 없는 답"  # rows of a form: `- 5) 관련공시- 2023년 …`
    if not await verified(brief, said, asking.tokenizer, today.year):
        return "봇의 검사를 지나지 못함"
    used = {cell.rcept_no for figure in brief.figures for cell in figure.cells}
    used |= {piece.filing.rcept_no for piece in brief.evidence}
    newest = max(piece.filing.rcept_dt for piece in brief.evidence)
    return Record(
        kind="answer",
        level=question.level,
        system=brief.system,
        instruction=brief.prompt,
        input="",
        output=said,
        corp_code=question.company.corp_code,
        corp_name=question.company.corp_name,
        day=newest,
        sources=tuple(sorted(used)),
        origin="filings",
    )
