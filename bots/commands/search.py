"""`gongsi search`: retrieval alone."""

import asyncio
import json
import sys
from typing import Annotated

import typer

from bots.commands.ask import parse_question
from bots.rendering import hit_json, hit_text
from core.errors import InputError
from core.model import Hit, Scope
from core.settings import load_settings


def search(
    question: Annotated[str, typer.Argument(help="찾을 말")],
    top_k: Annotated[int, typer.Option(min=1, max=100, help="몇 조각까지")] = 5,
    corp: Annotated[str | None, typer.Option(help="회사 이름이나 종목 코드로 좁힙니다")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON으로")] = False,
) -> None:
    hits = asyncio.run(_search(parse_question(question), top_k, corp))
    if as_json:
        shown = [hit_json(rank, hit) for rank, hit in enumerate(hits, 1)]
        sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
    elif hits:
        shown_text = "\n\n".join(hit_text(rank, hit) for rank, hit in enumerate(hits, 1))
        sys.stdout.write(f"{shown_text}\n")
    else:
        sys.stdout.write("찾은 것이 없습니다.\n")


async def _search(question: str, top_k: int, corp: str | None) -> list[Hit]:
    from core.wiring.answering import open_search

    async with open_search(load_settings()) as (corpus, retriever):
        companies = await corpus.companies()
        codes = [
            c.corp_code for c in companies if corp in (c.corp_name, c.stock_code, c.corp_code, *c.aliases)
        ]
        if corp and not codes:
            raise InputError(f"그런 회사의 공시가 없습니다: {corp}")
        return await retriever.search(question, top_k=top_k, scope=Scope(corp_codes=codes))
