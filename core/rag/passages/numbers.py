"""Whether what a report says may stand for a number that was asked and that no figure gives.

A passage beside the number is no answer to it: where none says a number of the kind asked beside most of the
words asked, an honest refusal tells more.
"""

import re
from collections.abc import Sequence

from core.model import AnswerFigure
from core.rag.language.mentions import amounts
from core.rag.passages.picks import Asked, Candidate, weigh

_LEAST = 0.5  # of what the question's own words weigh
_QUANTITY = re.compile(
    r"(?P<of>[가-힣]{1,4}(?:량|대수)|(?<=[가-힣])수)(?:은|는|이|가|도|좀)?(?=[?.!]|$|얼마|몇|알려|어떻|어때|궁금)"
)
_BALANCE = re.compile(
    r"(?:잔액|잔고|총액|합계|총계|연봉|보수|급여|상여금?)(?:은|는|이|가|도|좀|을|를)?(?=[?.!]|$|알려|어떻|궁금)"
)
# 무슨 일이 있었는지, 어떻게 하는지: asked in words beside a number.
_IN_WORDS = re.compile(
    r"무슨|어떤|왜|설명|뭐(?!가더)|무엇|어떻게(?!되)|누구|누가|어디|언제|뭔|이유|까닭|배경|조건|내용"
)
_SAYS = re.compile(
    r"\d[\d,.]*\s?(?:십|백|천|만|억|조)*\s?(?:원|주|%|％|퍼센트|명|인|배|개|건|톤|대|척|곳|회|종|시간|t|달러|유로)|(?:\(단위:|USD)"
)
_SAYS_MONEY = re.compile(
    r"\d\s?(?:십|백|천|만|억|조)*\s?원|\(단위: [^)]*원|\d\s?(?:십|백|천|만|억|조)*\s?달러|USD|\$"
)


def asks_number(asked: Asked) -> bool:
    """Whether a number is asked and nothing in words beside it."""
    if any(not kind.number for part in asked.parts for kind in part.kinds) or _IN_WORDS.search(asked.text):
        return False
    return (
        not asked.rows
        or bool(asked.parts)
        or bool(_QUANTITY.search(asked.text) or _BALANCE.search(asked.text))
    )


def tell_number(picks: Sequence[Candidate], asked: Asked) -> bool:
    return any(_tells(pick, asked) for pick in picks)


def tells_kind(pick: Candidate, asked: Asked) -> bool:
    """Whether it says a number of a kind asked, whatever of; any number where no kind is known."""
    shown = pick.statement.shown
    kinds = [kind for part in asked.parts for kind in part.kinds]
    if not kinds:
        return bool((_SAYS_MONEY if _BALANCE.search(asked.text) else _SAYS).search(shown))
    unit = shown.rpartition("(단위:")[2] if pick.statement.row else ""
    return any(kind.gives.search(shown) or (kind.unit and kind.unit in unit) for kind in kinds)


def _tells(pick: Candidate, asked: Asked) -> bool:
    said = f"{pick.statement.shown} {pick.statement.over}".lower()
    own = frozenset(asked.own & asked.weights.keys())
    told = frozenset(
        form for form in own if form in said or any(way.lower() in said for way in asked.ways.get(form, ()))
    )
    named = all(found["of"] == "수" or found["of"][-2:] in said for found in _QUANTITY.finditer(asked.text))
    return (
        named and tells_kind(pick, asked) and weigh(told, asked.weights) >= _LEAST * weigh(own, asked.weights)
    )


def tells_other(said: str, figure: AnswerFigure) -> bool:
    """Whether it says an amount in the figure's unit that is another than the figure."""
    values = (figure.value, *(cell.value for cell in figure.cells))
    return any(one.unit == figure.unit and not any(map(one.may_be, values)) for one in amounts(said))
