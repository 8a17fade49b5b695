"""How often a cell is found by its own labels: `make bench-cells`.

    python -m benchmarks.cells [--questions 250] [--seed 1] [--show]

Cells of the real periodic reports are drawn by chance, each is asked for by the labels it stands under, its
period and its basis, formally and in passing, and the answer is held against it. Cells whose labels, period
and basis another cell has too, with another number, are not asked for. Nobody wrote these questions, so that
no rule was made for them; people say less and say it otherwise, as the answer sets do.
"""

import argparse
import asyncio
import os
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.corpus import REAL
from core.korean import particle
from core.model import Answer, Figure
from core.rag.language.labels import even, names, unspaced
from core.rag.language.periods import PERIOD

TODAY = date(2025, 11, 24)
ASKS = {"원": "얼마", "주": "몇 주", "명": "몇 명", "%": "몇 %", "배": "몇 배"}
WORDINGS = {
    "formal": (
        "{company} {period} {basis}{topic} {asks}인가요?",
        "{company}의 {period} {basis}{object} 제시해 주십시오.",
    ),
    "chatty": (
        "어제 뉴스에서 봤는데요, {company} {topic} {period}에 {basis}{asks}였나요",
        "저 주식 처음인데 {company} {subject} {period}에 {basis}{asks}인지 좀 쉽게 알려줄래?",
        "친구가 {company} 샀다길래 궁금해서 그런데 {period} {basis}{subject} {asks}나 돼요?",
        "아 맞다 {company} {topic} {basis}{period} 꺼로 {asks}야? 급해ㅠㅠ",
    ),
    "terse": (
        "{company} {period} {basis}{bare} {asks}",
        "{bare} {period} {company} {basis}{asks}임",
        "{company} {bare} {period} {basis}",
    ),
}
_CLOSE = Decimal("0.0005")
_FOOTNOTE = re.compile(r"\((?:\*|주)[^)]*\)|^\(?\d+[.)]\s*|^[가-하][.)]\s*|[ⅠⅡⅢⅣⅤⅥⅦ]\.?\s*")
_TIME = re.compile(
    r"제?\s*\d+\s*\(?[당전]?\)?\s*기|[당전]\s*(?:기|반기|분기)|\d{4}|누\s*적|3\s*개\s*월|반기|기\s*초|기\s*말|말$|[\d.]+년?|^구\s*분$"
)
_LONGEST, _MOST = 30, 4


def said_period(period: str) -> str:
    """`2022.06 누적` → `2022년 상반기`, as people say it."""
    parts = PERIOD.match(period)
    assert parts is not None  # noqa: S101
    year, month, kind = parts[1], int(parts[2] or 12), parts[3]
    if kind == "말":
        return f"{year}년 {month}월 말"
    if kind == "3개월":
        return f"{year}년 {month // 3}분기"
    if kind == "누적" and month < 12:
        return f"{year}년 상반기" if month == 6 else f"{year}년 {month // 3}분기 누적"
    return f"{year}년"


def subject(figure: Figure) -> list[str]:
    """The labels a reader would say: no times, footnotes or list marks."""
    labels = (_FOOTNOTE.sub("", unspaced(one)) for one in (*figure.row.split(" > "), figure.column))
    told = (" ".join(_TIME.sub(" ", one).split()) for one in labels)
    return [one for one in dict.fromkeys(told) if one.strip("~- ") and len(one) < _LONGEST]


def asked(figures: Sequence[Figure], rng: random.Random) -> Iterator[tuple[Figure, str]]:
    """(cell, what is said for it) in random order, without those that another cell could be meant by."""
    labels = {
        one: even(f"{one.row} {one.column} {one.account} {one.caption} {one.section}") for one in figures
    }
    alike: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for one in figures:
        alike[one.corp_code, one.unit, one.period, one.basis].append(one)
    for figure in rng.sample(figures, len(figures)):
        told = subject(figure)
        words = [even(word) for label in told for word in names(label)]
        if not words or len(told) > _MOST:
            continue
        same = alike[figure.corp_code, figure.unit, figure.period, figure.basis]
        rivals = (one for one in same if all(word in labels[one] for word in words))
        if all(_close(one.value, figure.value) for one in rivals):
            yield figure, " ".join(told)


def verdict(answer: Answer, figure: Figure) -> str:
    if answer.refused:
        return "refused"
    if any(one.unit == figure.unit and _close(one.value, figure.value) for one in answer.figures):
        return "right"
    return "wrong" if answer.figures else "quoted"


def _close(one: Decimal, other: Decimal) -> bool:
    return abs(abs(one) - abs(other)) <= _CLOSE * abs(other)


async def measure(count: int, seed: int, show: bool) -> None:
    import psycopg

    from core.rag.answering import Done
    from core.settings import load_settings
    from core.store.connect import open_database
    from core.store.corpus import SELECT_FIGURE
    from core.wiring.answering import open_answering

    settings = load_settings()
    with psycopg.connect(open_database(settings)) as conn:
        rows = conn.execute(
            SELECT_FIGURE + " join filing using (rcept_no) where filing.period is not null"
            " and figure.period is not null and origin = 'table' order by rcept_no, ordinal"
        ).fetchall()
        companies: dict[str, str] = dict(conn.execute("select corp_code, corp_name from company").fetchall())
    figures = [one for one in (Figure(*row) for row in rows) if one.unit in ASKS and one.value]
    figures = [one for one in figures if PERIOD.match(one.period or "") and "~" not in (one.period or "")]
    async with open_answering(settings) as answering:
        for wording, forms in WORDINGS.items():
            told: Counter[str] = Counter()
            drawn = asked(figures, random.Random(seed))  # noqa: S311
            for number, (figure, said) in zip(range(count), drawn, strict=False):
                text = forms[number % len(forms)].format(
                    company=companies[figure.corp_code],
                    period=said_period(figure.period or ""),
                    basis=f"{figure.basis} 기준 " if figure.basis else "",
                    bare=said,
                    topic=particle(said, "은/는"),
                    subject=particle(said, "이/가"),
                    object=particle(said, "을/를"),
                    asks=ASKS[figure.unit],
                )
                lane = f"cells:{wording}:{number}"
                events = [one async for one in answering.ask(text, conversation=lane, today=TODAY)]
                (answer,) = (one.answer for one in events if isinstance(one, Done))
                await answering.forget(lane)
                told[result := verdict(answer, figure)] += 1
                if show and result != "right":
                    where = f"{figure.row} | {figure.column} | table {figure.table}"
                    others = [(one.label, one.text, one.period) for one in answer.figures][:3]
                    print(f"  {result} {text}\n    is {figure.cell}: {where}\n    told {others}")
            print(f"{wording:8} {dict(told)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--questions", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the answers that told another number")
    parser.add_argument("--data", type=Path, help="a data folder into which the filings were imported")
    given = parser.parse_args()
    if not REAL.is_dir():
        sys.exit("../shared/data/filings is not beside this checkout")
    from bots.commands.etl import import_paths
    from core.settings import load_settings
    from core.store.connect import close_database

    with tempfile.TemporaryDirectory(prefix="gongsi-cells-") as folder:
        os.environ |= {"GONGSI_PATHS__DATA": str(given.data or folder), "GONGSI_LLM__BACKEND": "extractive"}
        settings = load_settings()
        try:
            import_paths([REAL], settings, quiet=True)
            asyncio.run(measure(given.questions, given.seed, given.show))
        finally:
            close_database(settings)


if __name__ == "__main__":
    main()
