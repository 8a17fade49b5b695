"""`gongsi eval answers`: gold questions asked as `ask --batch` asks them, and what became of each."""

import asyncio
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from bots.answer_report import report_text, show
from bots.commands.ask import finish, parse_day, parse_level, parse_question
from bots.jsonl import rows
from bots.progress import progress
from core.errors import InputError
from core.model import Level
from core.settings import load_settings

if TYPE_CHECKING:
    from core.rag.scoring.answer_score import Gold, Verdict


def answers(
    gold: Annotated[Path, typer.Option(help="JSONL: id, question, level?, after?, kind, expect")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON으로")] = False,
    report: Annotated[Path | None, typer.Option(help="틀린 답을 하나씩 적을 Markdown 파일")] = None,
    today: Annotated[
        str | None, typer.Option(help="오늘로 볼 날짜; 없으면 가장 새로운 공시의 접수일")
    ] = None,
    level: Annotated[str | None, typer.Option(help="수준이 없는 질문의 수준: 초급, 중급, 고급")] = None,
) -> None:
    from core.rag.scoring.answer_card import card

    fixed, day = parse_level(level), parse_day(today) if today else None
    questions = read_gold(gold)
    if report is not None and (report.is_dir() or not report.parent.is_dir()):
        raise InputError(f"보고서를 쓸 수 없는 자리입니다: {report}")
    verdicts = asyncio.run(_ask_all(questions, day or _newest(), fixed))
    made = card(verdicts)
    if report is not None:
        _write(report, report_text(made, verdicts))
    if as_json:
        sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")
    else:
        show(made, verdicts)


def _newest() -> date:
    from core.wiring.etl import newest_filing

    day = newest_filing(load_settings())
    if day is None:
        raise InputError("들어 있는 공시가 없습니다. gongsi etl import로 먼저 넣어 주세요.")
    return day


async def _ask_all(questions: "list[Gold]", today: date, fixed: Level | None) -> "list[Verdict]":
    """In order, in one process; every conversation is forgotten at the end."""
    from core.rag.scoring.answer_score import judge
    from core.wiring.answering import open_answering

    run = uuid4().hex
    threads: dict[str, str] = {}
    verdicts = []
    bar = progress()
    async with open_answering(load_settings()) as answering:
        bar.start("묻고 채점하는 중", len(questions))
        try:
            for gold in questions:
                conversation = threads[gold.after] if gold.after else f"eval:{run}:{gold.id}"
                threads[gold.id] = conversation
                level = gold.level or fixed
                done, taken = await finish(
                    answering, gold.question, conversation=conversation, today=today, level=level
                )
                verdicts.append(judge(gold, done.answer, taken, level))
                bar.advance()
        finally:
            bar.finish()
            for conversation in set(threads.values()):
                await answering.forget(conversation)
    return verdicts


def read_gold(path: Path) -> "list[Gold]":
    """Raises InputError naming the line that is wrong; nothing is asked before all lines are read."""
    from pydantic import ValidationError

    from core.rag.scoring.answer_score import Gold

    found: dict[str, Gold] = {}
    for where, row in rows(path):
        try:
            one = Gold.model_validate(row)
        except ValidationError as error:
            raise InputError(f"{where}의 {_place(error)} 값이 없거나 형식에 맞지 않습니다.") from None
        if one.id in found:
            raise InputError(f"{where}의 id가 앞에도 있습니다: {one.id}")
        if one.after is not None and one.after not in found:
            raise InputError(f"{where}의 after가 앞에 없는 질문입니다: {one.after}")
        try:
            found[one.id] = one.model_copy(update={"question": parse_question(one.question)})
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
    return list(found.values())


def _place(error: Any) -> str:
    return ".".join(str(part) for part in error.errors()[0]["loc"]) or "줄"


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"보고서를 쓰지 못했습니다: {path} ({error.strerror})") from None
