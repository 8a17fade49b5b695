"""The rating a report's first page gives, in its own word. When in doubt, none."""

import re
from collections.abc import Iterator, Sequence

from core.etl.reports.line import CHANGE, LABELS, SAID_AFTER, Line, change_word, with_values_below
from core.report import Rating

# Words of one kind may stand side by side: `매수/Buy`
_KINDS = {
    "buy": (
        r"(?:적극|강력|단기)?\s*매수|(?:strong|trading)?\s*buy|outperform|overweight|비중\s*확대"
        r"|시장\s*수익률\s*상회"
    ),
    "hold": r"중립|보유|시장\s*수익률(?!\s*[상하]회)|hold|neutral|market\s*perform|관망",
    "sell": r"매도|비중\s*축소|sell|reduce|underperform|underweight|시장\s*수익률\s*하회",
    "none": r"not\s*rated|n\.?r\.?(?![a-z])|투자\s*의견\s*없음",
}
_WORD = f"(?P<word>{'|'.join(f'(?P<{kind}>{words})' for kind, words in _KINDS.items())})"
_NO_MORE = r"(?![가-힣A-Za-z]{2,})"  # 매수를, but neither 매수세가 nor Buyback
_FILLER = rf"(?:\s|[:：|·]|[은는을를]\s|\([^()\d]{{0,12}}\)|{CHANGE}){{0,12}}+"
_CHANGED = rf"\s*[(\[（]?\s*(?P<moved>{CHANGE})[)\]）]?"
_LABELLED = re.compile(rf"{LABELS['rating']}{_FILLER}{_WORD}{_NO_MORE}{SAID_AFTER}", re.IGNORECASE)
# By itself, or before the target price; in a row of a table only with what became of it: orders to buy and
# sell (매수, 매도) are counted in tables too
_ALONE = re.compile(
    rf"^\W*{_WORD}(?:{SAID_AFTER}\W*(?:$|(?=목표|적정|T/?P\b|target))|{_CHANGED}\s*(?=\|))", re.IGNORECASE
)
_BESIDE_CODE = re.compile(
    rf"\d{{5}}[0-9A-Z]\s*[/|)]?\s*\)?\s*{_WORD}{SAID_AFTER}(?![가-힣A-Za-z])", re.IGNORECASE
)
_LEGEND = re.compile(r"이상|이하|미만|초과|~|±")  # `매수: 향후 12개월 +15% 이상`


def read_rating(lines: Sequence[Line]) -> tuple[Rating | None, list[str]]:
    """(rating, warnings): one behind its label, else one that stands alone or beside the stock code."""
    said = [line for line in with_values_below(lines) if not _LEGEND.search(line.text)]
    for patterns in ((_LABELLED,), (_ALONE, _BESIDE_CODE)):
        found = [one for line in said for pattern in patterns for one in _ratings_of(pattern, line)]
        if len({kind for kind, _ in found}) > 1:
            words = ", ".join(dict.fromkeys(rating.word for _, rating in found))
            return None, [f"투자의견이 서로 다르게 읽혀({words}) 넣지 않았습니다."]
        if found:
            return next((rating for _, rating in found if rating.change), found[0][1]), []
    return None, []


def _ratings_of(pattern: re.Pattern[str], line: Line) -> Iterator[tuple[str, Rating]]:
    for found in pattern.finditer(line.text):
        kind = next(name for name in _KINDS if found[name])
        change = change_word(found["change"]) or change_word(found.groupdict().get("moved"))
        yield kind, Rating(found["word"].strip(), change, found[0].strip(" |"), line.page)
