"""An account by parts of the company: 부문 가운데 영업이익이 가장 큰 곳, 부문별 매출."""

import re
from collections.abc import Mapping, Sequence

from core.model import AnswerFigure, Figure, Filing, Question
from core.rag.figures.selection import fits_period, is_account, segment_named
from core.rag.language.shown import shown
from core.rag.question.listed import listed, meant
from core.rag.question.ranks import asks_rank, by_size, in_place
from core.totals import is_no_part

_KINDS = re.compile(r"부문|사업(?!\s?부문)|지역|제품|품목|나라|국가")
_PARTS = re.compile(rf"{_KINDS.pattern}|중에|가운데")
_EACH = re.compile(r"순위|순서|순으로|줄\s*세|나누면|나눠|각각|별로|별\s")
_MARKS = re.compile(r"[\s·ㆍ]|부문$")
_FEWEST = 2  # parts; fewer are no ranking
_MOST_SHOWN = 6


def ranking(
    question: Question,
    groups: Sequence[Sequence[str]],
    found: Sequence[Figure],
    filings: Mapping[str, Filing],
) -> list[AnswerFigure]:
    """The figures of the part with most and, where asked, with least, or of every part, largest first.

    Empty when nothing of the kind is asked.

    Parts are compared within one table, one period and one basis only.
    """
    every = bool(_EACH.search(question.text)) and segment_named(question, found) is None
    names = listed(question.text) if asks_rank(question.text) else ()
    of_parts = bool(names or _PARTS.search(question.text))
    if not ((asks_rank(question.text) or every) and of_parts) or not groups:
        return []
    tables: dict[tuple[str, int, str, str | None], dict[str, Figure]] = {}
    for figure in found:
        if (
            figure.segment
            and not figure.disputed
            and not (is_no_part(figure.segment) or any(map(str.isdigit, figure.segment)))
            and figure.rcept_no in filings
            and is_account(figure, groups[0])
            and figure.period
            and fits_period(question.period, figure.period)
            and question.basis in (None, figure.basis)
        ):
            key = (figure.rcept_no, figure.table, figure.period, figure.basis)
            tables.setdefault(key, {}).setdefault(figure.segment, figure)
    whole = [parts for parts in tables.values() if len(parts) >= _FEWEST]
    asked_of = _MARKS.sub("", question.text)
    if names:  # all of them, or none has most
        said = [{name: parts[name] for name in meant(names, parts)} for parts in whole]
        whole = [parts for parts in said if parts]
    else:
        said = [{name: f for name, f in parts.items() if _MARKS.sub("", name) in asked_of} for parts in whole]
    if said := [parts for parts in said if len(parts) >= _FEWEST]:
        whole = said  # these parts alone
        every = bool(_EACH.search(question.text)) or not asks_rank(question.text)
    if not whole or (not said and not _KINDS.search(question.text)):
        return []  # 종속회사 가운데: which of them are meant, no part of the company tells
    kind = _KINDS.search(question.text)
    parts = max(whole, key=lambda parts: _preferred(parts, kind[0] if kind else ""))
    ranked = by_size(question.text, parts.values())
    return list(map(shown, ranked[:_MOST_SHOWN] if every else in_place(question.text, ranked)))


def _preferred(parts: Mapping[str, Figure], kind: str) -> tuple[str, bool, bool, bool, bool, int]:
    """The newest period, cumulative before three months, 연결 before 별도, parts that are called the kind
    asked, then those whose caption says it (부문별 보고 has 지역별 정보 too), most."""
    first = next(iter(parts.values()))
    period = first.period or ""
    labelled = any(kind in f"{one.segment} {one.row} {one.column}" for one in parts.values())
    named = any(kind in one.caption for one in parts.values())
    return period[:7], not period.endswith("3개월"), first.basis == "연결", labelled, named, len(parts)
