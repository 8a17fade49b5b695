"""`gongsi ask` and `gongsi chat`: questions in, verified answers out."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from bots.console import Console
from bots.rendering import answer_json
from bots.texts.level import level_named
from core.errors import GongsiError, InputError
from core.korean import korean_today
from core.model import Level
from core.settings import load_settings

if TYPE_CHECKING:
    from core.rag.answering import Answering, Done

_MAX_QUESTION = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a batch file."""

    id: str
    question: str
    user: str | None
    level: Level | None
    after: str | None


def parse_level(text: str | None) -> Level | None:
    """`초급`, `beginner` … Raises InputError."""
    if text is None:
        return None
    level = level_named(text)
    if level is None:
        raise InputError(f"수준은 초급, 중급, 고급 가운데 하나입니다: {text}")
    return level


def parse_day(text: str | None) -> date:
    if text is None:
        return korean_today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"날짜는 2026-11-24처럼 적어 주세요: {text}") from None


def parse_question(text: str) -> str:
    question = " ".join(text.replace("\x00", "").split())
    if not question:
        raise InputError("질문이 비어 있습니다.")
    if len(question) > _MAX_QUESTION:
        raise InputError(f"질문이 너무 깁니다({len(question):,}자). {_MAX_QUESTION:,}자까지 받습니다.")
    return question


def ask(
    question: Annotated[str | None, typer.Argument(help="질문", show_default=False)] = None,
    user: Annotated[str | None, typer.Option(help="묻는 사람; 같은 이름이면 수준을 이어서 배웁니다")] = None,
    level: Annotated[str | None, typer.Option(help="초급, 중급, 고급")] = None,
    today: Annotated[str | None, typer.Option(help="오늘로 볼 날짜 (2026-11-24)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON 하나로 답합니다")] = False,
    batch: Annotated[
        Path | None, typer.Option(help="한 줄에 질문 하나인 JSONL 파일; 답도 JSONL로 나옵니다")
    ] = None,
) -> None:
    if (question is None) == (batch is None):
        raise InputError("질문 하나나 --batch 파일 가운데 하나를 주세요.")
    day, fixed = parse_day(today), parse_level(level)
    if batch is not None:
        asyncio.run(_batch(read_batch(batch), day, fixed))
        return
    asyncio.run(_one(parse_question(question or ""), user, fixed, day, as_json=as_json))


async def _one(question: str, user: str | None, level: Level | None, today: date, *, as_json: bool) -> None:
    from bots.conversation import open_conversation

    async with open_conversation(load_settings()) as conversation:
        lane = f"ask:{uuid4().hex}"
        console = Console(conversation.fixed(level, today), user or lane, lane)
        try:
            if as_json:
                answering = conversation.parts.answering
                _print_json(await _answer(answering, None, question, user, level, today, lane))
            else:
                await console.say(question)
        finally:
            await console.leave(forget=not user)


async def _batch(rows: list[Row], today: date, level: Level | None) -> None:
    """Rows in order; a row with `after` goes on with the conversation of that row."""
    from core.wiring.answering import open_answering

    run = uuid4().hex
    threads: dict[str, str] = {}
    async with open_answering(load_settings()) as answering:
        try:
            for row in rows:
                conversation = threads[row.after] if row.after else f"batch:{run}:{row.id}"
                threads[row.id] = conversation
                _print_json(
                    await _answer(
                        answering,
                        row.id,
                        row.question,
                        row.user,
                        row.level or level,
                        today,
                        conversation,
                    )
                )
        finally:
            for conversation in set(threads.values()):
                await answering.forget(conversation)


async def _answer(
    answering: Any,
    identity: str | None,
    question: str,
    user: str | None,
    level: Level | None,
    today: date,
    conversation: str,
) -> dict[str, Any]:
    done, total = await finish(
        answering,
        question,
        conversation=conversation,
        today=today,
        person=f"cli:{user}" if user else None,
        level=level,
    )
    return answer_json(identity, question, done.answer, {**done.timings_ms, "total": round(total)})


async def finish(answering: "Answering", question: str, **asked: Any) -> "tuple[Done, float]":
    """One turn to its end, and the milliseconds it took; `asked` as Answering.ask takes it."""
    from core.rag.answering import Done

    started = time.perf_counter()
    done: Done | None = None
    async for event in answering.ask(question, **asked):
        if isinstance(event, Done):
            done = event
    assert done is not None  # noqa: S101  # Answering promises it
    return done, (time.perf_counter() - started) * 1000


def read_batch(path: Path) -> list[Row]:
    """Raises InputError naming the line that is wrong; nothing is asked before all lines are read."""
    if not path.is_file():
        raise InputError(f"파일이 없습니다: {path}")
    rows: list[Row] = []
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            rows.append(_row(line, f"{path.name} {number}번째 줄", {row.id for row in rows}))
    return rows


def _lines(path: Path) -> Iterator[str]:
    try:
        yield from path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"UTF-8 글이 아닙니다: {path}") from None


def _row(line: str, where: str, earlier: set[str]) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        raise InputError(f"{where}이 JSON이 아닙니다.") from None
    if not isinstance(row, dict) or not isinstance(row.get("question"), str) or "id" not in row:
        raise InputError(f"{where}에 id와 question이 있어야 합니다.")
    after = row.get("after")
    if after is not None and str(after) not in earlier:
        raise InputError(f"{where}의 after가 앞에 없는 질문입니다: {after}")
    if str(row["id"]) in earlier:
        raise InputError(f"{where}의 id가 앞에도 있습니다: {row['id']}")
    return Row(
        id=str(row["id"]),
        question=parse_question(row["question"]),
        user=str(row["user"]) if row.get("user") else None,
        level=parse_level(row.get("level")),
        after=None if after is None else str(after),
    )


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def chat(
    user: Annotated[str, typer.Option(help="묻는 사람")] = "me",
    level: Annotated[str | None, typer.Option(help="초급, 중급, 고급")] = None,
    today: Annotated[str | None, typer.Option(help="오늘로 볼 날짜 (2026-11-24)")] = None,
) -> None:
    asyncio.run(_chat(user, parse_level(level), parse_day(today)))


async def _chat(user: str, level: Level | None, today: date) -> None:
    from bots.conversation import open_conversation

    async with open_conversation(load_settings()) as conversation:
        await talk(Console(conversation.fixed(level, today), user, user))


async def talk(console: Console) -> None:
    """Read, answer, until `/끝` or end of input. One failed question does not end the talk."""
    sys.stdout.write("질문을 적어 주세요. 도움말은 /help, 끝내려면 /quit\n")
    while True:
        try:
            line = await asyncio.to_thread(input, "\n> ")
        except EOFError:
            sys.stdout.write("\n")
            return
        if line.strip() in ("/quit", "/끝", "/exit"):
            return
        try:
            await console.handle(line)
        except GongsiError as error:
            sys.stdout.write(f"{error}\n")
