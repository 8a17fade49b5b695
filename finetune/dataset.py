"""Filings and reports in the database → a dataset that LLaMA-Factory reads, with its card and its picture."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.etl.reports.parse import parse_report
from core.model import Company
from core.ports import Progress
from core.profile.glossary import load_glossary
from core.rag.generate import tokens
from core.rag.language.phrasing import Terms
from core.report import Report, ReportSection
from core.settings import Settings
from finetune.briefs import Asking, answer_record, questions
from finetune.card import card, picture, statistics
from finetune.interpret import Filed, align, commented, interpret
from finetune.judge import Judge
from finetune.names import proper_nouns
from finetune.record import Record, Split, row, with_tokens, write_records
from finetune.runner import run
from finetune.selection import check, distinct, split

if TYPE_CHECKING:
    from core.store.corpus import PostgresCorpus

SEEDS = Path(__file__).parent / "seed"
_SEED = 42


@dataclass(frozen=True, slots=True)
class Wanted:
    """`cutoff`: tokens of a record, counted by the tokenizer in folder `tokenizer`, else estimated upwards.

    `context`: characters of sources in the bot's prompts; its own settings give 3,000 and more, which is
    too long to learn from on one small GPU. `share` of the records goes to validation and test each.
    """

    out: Path
    tokenizer: Path | None = None
    cutoff: int = 1024
    context: int = 600
    share: float = 0.1
    per_company: int = 300
    seeds: bool = False
    today: date | None = None


@dataclass
class Gathered:
    records: list[Record] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)  # what no record was made of, by reason


def build(settings: Settings, wanted: Wanted, progress: Progress) -> Split:
    """Raises InputError when there is nothing to learn from."""
    from core.wiring.etl import newest_filing, stored_reports
    from core.wiring.models import build_tokenizer

    today = wanted.today or newest_filing(settings)
    if today is None:
        raise InputError("들어 있는 공시가 없습니다. gongsi etl import로 먼저 넣어 주세요.")
    reports = stored_reports(settings)
    gathered = asyncio.run(_gather(settings, wanted, reports, today, progress))
    records = _count(gathered.records, wanted.tokenizer)
    kiwi = build_tokenizer()
    kiwi.add_names(gathered.names)
    judge = Judge(load_glossary(), gathered.names, proper_nouns(kiwi.kiwi.tokenize), kiwi.terms)  # type: ignore[attr-defined]
    records, wrong = check(records, judge, wanted.cutoff)
    records, twins = distinct(records)
    if not records:
        raise InputError("쓸 수 있는 기록이 하나도 남지 않았습니다.")
    made = split(records, wanted.share)
    made = replace(made, rejected=[*wrong, *twins, *made.rejected])
    write(made, wanted, gathered)
    return made


async def _gather(
    settings: Settings,
    wanted: Wanted,
    reports: Sequence[tuple[Report, Sequence[ReportSection]]],
    today: date,
    progress: Progress,
) -> Gathered:
    from core.wiring.answering import open_research

    gathered = Gathered()
    retrieval = settings.retrieval
    narrowed = retrieval.model_copy(
        update={
            name: getattr(retrieval, name).model_copy(update={"context_chars": wanted.context})
            for name in ("beginner", "intermediate", "advanced")
        }
    )
    async with open_research(settings) as (corpus, research, tokenizer, teacher):
        room = settings.llm.num_ctx - settings.llm.num_predict
        asking = Asking(corpus, tokenizer, research, load_glossary(), narrowed, room, teacher)
        companies = await corpus.companies()
        gathered.names = [company.corp_name for company in companies]
        told = [("report", *one) for one in reports]
        if wanted.seeds:
            told += [("seed", *one) for one in _seeds(companies)]
        progress.start("기록을 만드는 중", len(companies))
        try:
            for company in companies:
                filed = await _filed(corpus, company)
                await _answers(asking, company, filed, wanted, today, gathered)
                for origin, report, sections in told:
                    if _is_of(report, company):
                        _interpretations(origin, report, sections, filed, tokenizer.terms, gathered)
                progress.advance()
        finally:
            progress.finish()
    return gathered


async def _filed(corpus: "PostgresCorpus", company: Company) -> list[Filed]:
    return [
        Filed(filing, await corpus.chunks_of(filing.rcept_no), await corpus.figures_of(filing.rcept_no))
        for filing in await corpus.filings([company.corp_code])
    ]


async def _answers(
    asking: Asking, company: Company, filed: Sequence[Filed], wanted: Wanted, today: date, gathered: Gathered
) -> None:
    figures = [figure for one in filed for figure in one.figures]
    asked = list(questions(company, [one.filing for one in filed], figures, _SEED))
    chosen = random.Random(f"{_SEED}:{company.corp_code}").sample(  # noqa: S311  # which to ask
        asked, k=min(len(asked), wanted.per_company)
    )
    for question in chosen:
        made = await answer_record(asking, question, today)
        if isinstance(made, Record):
            gathered.records.append(made)
        else:
            gathered.notes[made] += 1


def _interpretations(
    origin: str,
    report: Report,
    sections: Sequence[ReportSection],
    filed: Sequence[Filed],
    terms: Terms,
    gathered: Gathered,
) -> None:
    said, dropped = commented(sections)
    gathered.notes.update({f"리포트 문장: {reason}": count for reason, count in dropped.items()})
    aligned = align(report, said, filed)
    if aligned is None:
        gathered.notes["리포트: 말하는 공시를 찾지 못함"] += 1
        return
    gathered.records += interpret(aligned, load_glossary(), terms, origin)


def _is_of(report: Report, company: Company) -> bool:
    if report.stock_code and company.stock_code:
        return report.stock_code == company.stock_code
    return report.corp_name in (company.corp_name, *company.aliases)


def _seeds(companies: Sequence[Company]) -> list[tuple[Report, Sequence[ReportSection]]]:
    """The made-up reports on the sample companies; none where those are not loaded."""
    known = {company.stock_code for company in companies}
    parsed = [parse_report(path.read_bytes(), path.name, companies) for path in sorted(SEEDS.glob("*.md"))]
    return [(one.report, one.sections) for one in parsed if one.report.stock_code in known]


def _count(records: Sequence[Record], tokenizer: Path | None) -> list[Record]:
    if tokenizer is None:
        texts = (f"{record.system}{record.prompt}{record.output}" for record in records)
        return with_tokens(records, [tokens(text) for text in texts])
    return with_tokens(records, run("tokens.py", tokenizer, said=map(messages, records)))


def messages(record: Record) -> list[dict[str, str]]:
    said = {"system": record.system, "user": record.prompt, "assistant": record.output}
    return [{"role": role, "content": content} for role, content in said.items() if content]


def write(made: Split, wanted: Wanted, gathered: Gathered) -> None:
    """The three files, `dataset_info.json`, what was rejected and why, statistics, card and picture."""
    out = wanted.out
    out.mkdir(parents=True, exist_ok=True)
    for name, records in made.parts.items():
        write_records(out / f"{name}.json", records)
    (out / "dataset_info.json").write_text(_json(dataset_info()), encoding="utf-8")
    lines = [
        json.dumps({"reason": one.reason, **row(one.record)}, ensure_ascii=False) for one in made.rejected
    ]
    (out / "rejected.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    told = statistics(made, wanted.cutoff, gathered.notes, exact=wanted.tokenizer is not None)
    (out / "statistics.json").write_text(_json(told), encoding="utf-8")
    (out / "README.md").write_text(card(made, told), encoding="utf-8")
    (out / "statistics.svg").write_text(picture(told), encoding="utf-8")


def dataset_info() -> dict[str, object]:
    columns = {"prompt": "instruction", "query": "input", "response": "output", "system": "system"}
    return {
        f"gongsi_{name}": {"file_name": f"{name}.json", "formatting": "alpaca", "columns": columns}
        for name in ("train", "validation", "test")
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
