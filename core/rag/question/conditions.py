"""Which words of a question narrow down what is asked: a figure without them is of another thing.

선불충전금 of `선불충전금 신탁 때문에 묶여 있는 현금성자산` is such a word: all of the cash is no answer.
A word is none where Korean grammar makes it only describe what is said beside it, or do something.
"""

import re
from collections.abc import Collection

from core.rag.language.mentions import ONE_BY_ONE
from core.rag.question.background import CLAUSE

# What describes instead of narrowing down.
_CONCEDED = re.compile(r"[^,?.]*?(?:는데|지만|으나)(?=[,\s])")  # 이익은 늘었는데
_EXAMPLE = re.compile(
    r"(?:\S+(?:이나|나|랑|와|과)\s)?\S+\s(?:같은|같이|비슷하게)(?=\s)"
)  # 공장이나 기계 같은
_CUT_BY = re.compile(r"\S+별\s(?:정보|현황|내역|분류)")  # names a table, not a part of what it holds
_BRACKETED = re.compile(r"((?:[^\s(),]+\s){0,3}[^\s(),]+)\s?\(([^()]*)\)")
_DOES = re.compile(
    r"[하한했할함해되된됐돼될]|시[키킨]|받[은는았]|당[하한]|짜리|어치"
)  # 배분된, 보유한, 성장했나
_MODIFIES = re.compile(r"(?:[는던]|한|된|인|쓴|든|간)$")
_LATIN = re.compile(r"[a-z]")
_BESIDE = re.compile(r"(?<=[가-힣]{2})[·ㆍ](?=[가-힣]{2})")  # 등기이사·감사위원 are two
_BARE = re.compile(r"들?$")
_BASIS = re.compile(r"연결|별도|개별|자회사|본사|본체|혼자")
_LEAST = (
    2.0  # of inverse document frequency: rarer than one chunk in seven; `직원` and `자산` narrow nothing down
)
# Colour, and what only a rule of the sentence answers.
_COLOUR_WORDS = """
통장 금고 지갑 곳간 마진 본업 꼴 셈 그해 절반 과반 부호 방향 순서 순위 규모 결산 여성 남성 남녀 여자 남자 주식
지분 씨 본인 만큼 가량 상당 수준 이름 종목 어디 누구 편 시기 반년 계산 공식 답 정답 단위 통화 원화
"""
_COLOUR = frozenset(_COLOUR_WORDS.split())
# What is asked of a thing, where it stands or who it is called: no label of a cell needs to say it.
_ASKED_WORDS = "사유 이유 까닭 원인 차이 격차 명단 목록 명부 ifrs gaap 관장 총수 전무 상무"
ASKED_OF_IT = frozenset(_ASKED_WORDS.split())


def colours(word: str) -> bool:
    """Whether a word narrows nothing down wherever it stands."""
    return word in _COLOUR or word in ASKED_OF_IT or bool(_BASIS.search(word))


def does(word: str, text: str) -> bool:
    """Whether a text has a noun only as something done: `보유한`, `배분된`."""
    lowered = text.lower()
    after = lowered.split(word)[1:]
    return bool(after) and all(map(_DOES.match, after))


def narrowing(
    text: str, weights: dict[str, float], said: Collection[str], accounts: Collection[str]
) -> set[str]:
    """Those of the words (by `weights`) that are not `said` and yet narrow down what the text asks.

    `accounts` are the words of the account that is asked: beside it, every word narrows it down.
    """
    tells = set(ONE_BY_ONE.findall(text))
    unsaid = {
        word
        for word, weight in weights.items()
        if weight > _LEAST and word not in said and (word in tells or not colours(word))
    }
    if not unsaid:
        return unsaid
    names = [word for word in said if word not in accounts and not colours(word)]
    rest = _unbracketed(_CUT_BY.sub(" ", _EXAMPLE.sub(" ", _CONCEDED.sub(" ", text.lower()))), said, unsaid)
    spoken = {*said, *accounts}
    clauses = [clause for clause in CLAUSE.split(rest) if any(word in clause for word in spoken)]
    pieces = _BESIDE.sub(" ", " ".join(clauses) if clauses else rest).split()
    return {
        word
        for word in unsaid
        if word in tells
        or any(word in piece and _narrows(word, at, pieces, names) for at, piece in enumerate(pieces))
    }


def _unbracketed(text: str, said: Collection[str], unsaid: Collection[str]) -> str:
    """Without what brackets call by its name, `복지에 쓴 돈(복리후생비)`, or add to a name that is said."""

    def replace(found: re.Match[str]) -> str:
        inside = any(word in found[2] for word in said) and not any(word in found[2] for word in unsaid)
        if inside:
            return f" {found[2]} "
        return f"{found[1]} " if any(word in found[1].split()[-1] for word in said) else found[0]

    return _BRACKETED.sub(replace, text)


def _narrows(word: str, at: int, pieces: list[str], names: list[str]) -> bool:
    piece = pieces[at]
    after = piece[piece.find(word) + len(word) :]
    following = pieces[at + 1 : at + 3]
    if _DOES.match(after) or (not after and following and _DOES.match(following[0])):
        return False
    if _says(piece[: piece.find(word)], names):
        return True  # what stands last is what is meant: 대손충당금환입
    if _says(piece, names):
        return False  # one word with it: 장기성과급
    if at and _ends_bare(pieces[at - 1], names):
        return False  # 메모리 반도체
    if not _BARE.fullmatch(after):
        return True
    if following and _says(following[0], names) and not _LATIN.search(word):
        return False  # 편의점 이마트24; but Harman of `Harman 부문` is a part
    # 스타벅스 운영하는 에스씨케이컴퍼니
    return not (len(following) > 1 and _MODIFIES.search(following[0]) and _says(following[1], names))


def _says(piece: str, names: list[str]) -> bool:
    return any(name in piece for name in names)


def _ends_bare(piece: str, names: list[str]) -> bool:
    return any(piece.endswith(name) for name in names)
