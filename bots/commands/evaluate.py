"""`gongsi eval …`: scorecards."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.commands import evaluate_answers, evaluate_profile
from bots.jsonl import rows
from bots.progress import progress
from core.errors import InputError
from core.rag.scoring.scorecard import DEPTH, Ranked, percentile, score, score_levels
from core.settings import load_settings

if TYPE_CHECKING:
    from core.store.trial import TrialPassage

app = typer.Typer(no_args_is_help=True)

_MODES = {"keyword": "낱말", "dense": "뜻", "hybrid": "함께"}
_LEVELS = {"beginner": "초급", "intermediate": "중급", "advanced": "고급"}


@app.callback()
def group() -> None:
    """검색과 답, 수준 짐작의 품질을 잽니다."""


app.command("answers", help="답이 정해진 질문으로 답을 채점합니다.")(evaluate_answers.answers)
app.command("profile", help="수준이 적힌 대화로 수준 짐작을 채점합니다.")(evaluate_profile.profile)


@app.command("retrieval", help="라벨이 있는 질문으로 검색을 잽니다. 내 자료는 건드리지 않습니다.")
def retrieval(
    passages: Annotated[Path, typer.Option(help="JSONL: id, text, title?, group?, corp_name?")],
    queries: Annotated[Path, typer.Option(help="JSONL: id, text, relevant, group?, level?")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON으로")] = False,
) -> None:
    card = asyncio.run(_measure(read_passages(passages), read_queries(queries)))
    if as_json:
        sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    else:
        _show(card)


async def _measure(
    passages: list["TrialPassage"], queries: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    from core.profile.glossary import load_glossary
    from core.rag.language.accounts import find_accounts
    from core.rag.question.expansion import expanded
    from core.wiring.answering import open_trial

    glossary = load_glossary()

    def as_searched(text: str) -> str:
        return expanded(text, find_accounts(text, glossary.formal), glossary)

    known = {one.id for one in passages}
    groups = {one.group for one in passages}
    for query in queries:
        if lost := [name for name in query["relevant"] if name not in known]:
            raise InputError(f"질문 {query['id']}의 답이 조각에 없습니다: {lost[0]}")
        if query["group"] and query["group"] not in groups:
            raise InputError(f"질문 {query['id']}의 group이 조각에 없습니다: {query['group']}")
    card: dict[str, dict[str, Any]] = {}
    async with open_trial(load_settings(), passages, progress()) as trial:
        for query in queries[:20]:  # the process is warm afterwards: plans, caches, Kiwi
            await trial.search(query["text"], query["group"], "hybrid", DEPTH)
        for mode in ("keyword", "dense", "hybrid"):
            rankings, times = [], []
            for query in queries:
                text = as_searched(query["text"]) if mode == "hybrid" else query["text"]
                found, taken = await trial.search(text, query["group"], mode, DEPTH)
                rankings.append(Ranked(found, query["relevant"], query["level"]))
                times.append(taken)
            card[mode] = {
                **score(rankings),
                "p50_ms": round(percentile(times, 0.5), 2),
                "p95_ms": round(percentile(times, 0.95), 2),
                "levels": score_levels(rankings),
            }
    return card


def read_passages(path: Path) -> list["TrialPassage"]:
    """Raises InputError naming the line that is wrong."""
    from core.store.trial import TrialPassage

    found: dict[str, TrialPassage] = {}
    for where, row in rows(path):
        one = TrialPassage(
            id=_text(row, "id", where),
            text=_text(row, "text", where),
            title=_text(row, "title", where, optional=True),
            group=_text(row, "group", where, optional=True),
            corp_name=_text(row, "corp_name", where, optional=True),
        )
        if one.id in found:
            raise InputError(f"{where}의 id가 앞에도 있습니다: {one.id}")
        found[one.id] = one
    return list(found.values())


def read_queries(path: Path) -> list[dict[str, Any]]:
    """Raises InputError naming the line that is wrong."""
    queries = []
    for where, row in rows(path):
        relevant = row.get("relevant")
        if (
            not isinstance(relevant, list)
            or not relevant
            or not all(isinstance(name, str) for name in relevant)
        ):
            raise InputError(f"{where}의 relevant가 조각 id의 목록이 아닙니다.")
        queries.append(
            {
                "id": _text(row, "id", where),
                "text": _text(row, "text", where),
                "relevant": relevant,
                "group": _text(row, "group", where, optional=True),
                "level": _text(row, "level", where, optional=True) or None,
            }
        )
    return queries


def _text(row: dict[str, Any], key: str, where: str, *, optional: bool = False) -> str:
    value = row.get(key)
    if optional and value is None:
        return ""
    if not isinstance(value, str) or (not optional and not value.strip()):
        raise InputError(f"{where}의 {key}가 글이 아닙니다.")
    return value.encode("utf-8", "replace").decode()  # a lone surrogate is no text to PostgreSQL


def _show(card: dict[str, dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    columns = ("recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10")
    table = Table(
        title="검색 성적 (1에 가까울수록 좋음)",
        caption="함께: 실제 설정. 일상의 말을 공시의 말로도 찾습니다(빚 → 부채총계).",
    )
    table.add_column("방식")
    for column in (*columns, "p50 ms", "p95 ms"):
        table.add_column(column, justify="right")
    for mode, scores in card.items():
        times = (f"{scores['p50_ms']:.1f}", f"{scores['p95_ms']:.1f}")
        table.add_row(_MODES[mode], *(f"{scores[c]:.3f}" for c in columns), *times)
        for level, part in scores["levels"].items():
            name = f"  {_LEVELS.get(level, level)}"
            table.add_row(name, *(f"{part[c]:.3f}" for c in columns), "", "", style="dim")
    Console().print(table)
