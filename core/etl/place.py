"""What a table's surroundings say of all its cells: 연결 or 별도, at a day or over a period."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.model import Filing

_BALANCE_TABLE = re.compile(r"재무상태표|대차대조표")
_CHANGES = re.compile(r"변동(?:내역|내용|금액|현황)|증감")
_FLOW_TABLE = re.compile(r"손익계산서|현금흐름표|자본변동표|이익잉여금처분")
_STATEMENT = re.compile(
    r"(?:\d{1,2}(?:-\d{1,2})?\.|[가-하]\.)?(?:분기|반기|중간)?(?:연결|별도|개별)?(?:분기|반기|중간)?"
    r"(?P<kind>재무상태표|대차대조표|포괄손익계산서|손익계산서|자본변동표|현금흐름표)$"
)
_DECORATION = re.compile(r"[\s<>\[\]【】〈〉]")
SUMMARY = "요약재무정보"
_FINANCIAL = re.compile(r"재무제표|재무정보|재무상태표|손익계산서|현금흐름표|자본변동표")
_NOTE = re.compile(r"^\d{1,2}\.\s*[가-힣A-Za-z][^:：.]{1,38}(?=[:：]|\s*$|가\.)")
_NO_TITLE = re.compile(r"기준일|^\(?\*|^※|^\d{4}년|^제\s*\d+\s*기|다\.$|주식회사|부터")
_LONGEST_TITLE = 60
_BY_ACCOUNT = re.compile(
    r"계정과목별\s?([가-힣]{2,12}(?:\s[가-힣]{2,8}?)??)?\s?(?:의\s)?(?:내역|금액|현황)?(?:은|는|이|가|$|\()"
)
_AMOUNTS = ("금액", "내역", "현황")
_BEFORE = re.compile(r"(?:[당전](?:기|반기|분기))?\s중\s|[당전](?:기|반기|분기)의?\s|\.\s")
_DURING = re.compile(r"[당전](?:기|반기|분기)\s중\s")
_AT_DAY = re.compile(r"[당전](?:기|반기|분기)말|보고기간(?:종료일|말)|\d일\s?현재")
_FOOTNOTE = re.compile(r"\s*(?:※|\(\*|\*\d|\(?주\d)")
_MARK = re.compile(r"\(?(?:\d{1,2}|[가-하])[.)](?!\d)")
_GLUED = re.compile(
    r"(?:(?:\d{1,2}|[가-하])\.|\(\d{1,2}\))(?!\s?(?:연결)?회사[는가의])\s?[가-힣A-Za-zㆍ·,\- ]{2,30}?\s?:?"
    r"(?=보고기간|당(?:기|반기|분기)|당사|연결회사|회사[는가의]|\d{4}년)"
    r"|\([가-힣ㆍ ]{2,16}\)(?=\S)"
)
# `나. 보고기간종료일 현재 회사의 …`
_ONLY_WHEN = re.compile(
    r"(?:\(?(?:\d{1,2}|[가-하])[.)]\s?)?(?:보고기간(?:종료일|말)|[당전][기반분]{0,2}말)\s?현재\s?:?\s?"
)
_ANNOUNCED = re.compile(r"(?:^|[.)]\s?)([^.]{4,70}?)(?:은|는|이|가)\s?다음과 같습니다")
_CONSOLIDATED, _SEPARATE = "연결", "별도"
_SEPARATELY = re.compile(
    r"별도(?!로|예[치금]|적립)|개별(?=\s?(?:재무|기준|회사|실체)|\s*(?:$|[)\]>,]))"
)  # no 개별 취득
_NOTED = re.compile(
    r"(연결|별도)\s?(?:재무제표\s?)?(?:누계\s?)?기준(?:입니다|임|의\s|으로\s(?:작성|산정|산출|기재))"
)


@dataclass(frozen=True, slots=True)
class Place:
    """`balance` is None where no caption names a statement; `statement` is the one that the table is.
    `during`: the nearest caption that says when says `당기와 전기 중`. `borne`: what the rows bear a part of,
    where they are accounts: 유형자산 상각 in 매출원가.
    """

    filing: Filing
    section: str
    caption: str
    basis: str | None
    balance: bool | None
    statement: str | None = None
    during: bool = False
    borne: str | None = None


def basis_of_path(path: Sequence[str], acode: str | None) -> str | None:
    for title in reversed(path):
        squeezed = re.sub(r"\s", "", title)
        if "연결재무제표" in squeezed:
            return _CONSOLIDATED
        if re.search(r"재무제표(?:주석)?$|별도재무", squeezed):
            return _CONSOLIDATED if acode == "00761" else _SEPARATE
    return {"00761": _CONSOLIDATED, "00760": _SEPARATE}.get(acode or "")


def basis_in(text: str) -> str | None:
    """연결 or 별도 when the text says exactly one of them."""
    consolidated = "연결" in text and bool(re.search(r"연결(?!대상|회사수|에 포함)", text))
    separate = bool(_SEPARATELY.search(text))
    if consolidated == separate:
        return None
    return _CONSOLIDATED if consolidated else _SEPARATE


def basis_noted(text: str) -> str | None:
    """연결 or 별도 of a note that says which of them its table is: `※ 연결 누계기준입니다.`

    One that speaks of another table, `별도 기준은 … 참조하시기 바랍니다`, says none.
    """
    said = set(_NOTED.findall(text))
    return said.pop() if len(said) == 1 else None


def balance_of(captions: Sequence[str]) -> bool | None:
    """What the nearest caption that speaks of a statement says; changes are of no day."""
    changes = False
    for caption in reversed(captions):
        squeezed = re.sub(r"\s", "", caption)
        changes = changes or bool(_CHANGES.search(squeezed))
        if _BALANCE_TABLE.search(squeezed):
            return None if changes else True
        if _FLOW_TABLE.search(squeezed):
            return False
    return None


def statement_of(path: Sequence[str], captions: Sequence[str]) -> str | None:
    """`재무상태표`, `손익계산서`, `포괄손익계산서`, `자본변동표`, `현금흐름표`, `요약재무정보`, or None.

    The nearest title that is nothing but a statement's name, with its basis: a note that speaks of
    one (`연결재무상태표상 …`) is none. 대차대조표 is the older name of 재무상태표.
    """
    titles = [_DECORATION.sub("", title) for title in path]
    if any("주석" in title for title in titles) or not any(map(_FINANCIAL.search, titles)):
        return None
    for caption in (*(_DECORATION.sub("", caption) for caption in reversed(captions)), titles[-1]):
        found = _STATEMENT.match(caption)
        if found:
            return "재무상태표" if found["kind"] == "대차대조표" else found["kind"]
    return SUMMARY if SUMMARY in titles[-1] else None


def during_of(captions: Sequence[str]) -> bool:
    """`당기와 전기 중 … 내역`; not where the nearest that says when speaks of a day, or of both."""
    for caption in reversed(captions):
        if is_note(caption):
            continue
        flow, day = bool(_DURING.search(caption)), bool(_AT_DAY.search(caption))
        if flow or day:
            return flow and not day
    return False


def borne_of(captions: Sequence[str]) -> str | None:
    """`유형자산 상각` of `계정과목별 유형자산 상각내역`, `퇴직급여` of `퇴직급여의 계정과목별 금액`."""
    for caption in reversed(captions):
        if is_note(caption) or not (found := _BY_ACCOUNT.search(caption)):
            continue
        if found[1] and found[1] not in _AMOUNTS:
            return found[1].strip()
        before = _BEFORE.split(caption[: found.start()])[-1].strip()
        return before.removesuffix("의") or None
    return None


def is_note(line: str) -> bool:
    """`※ 연결 기준입니다.`, `(*) 당기에 취득하였습니다.`: it stands under the table it is of."""
    return bool(_FOOTNOTE.match(line))


def note_title(text: str) -> str | None:
    """`19. 판매비와관리비` of `19. 판매비와관리비:당반기 및 …`, the first line of a note."""
    found = _NOTE.match(text)
    return found[0].strip() if found else None


def caption_of(captions: Sequence[str]) -> str:
    """What stands over a table, in a line: titles and what announces it, not other sentences or dates.

    `나. 이자율스왑` is no longer over a table that `다. 통화선도` follows.
    """
    titles: dict[str, str] = {}
    for line in captions:
        if title := _title_of(line):
            mark = _MARK.match(title)
            kind = (
                re.sub(r"\d+|[가-하]", "", mark[0]) + str(mark[0].strip("().")[:1].isdigit())
                if mark
                else title
            )
            titles.pop(kind, None)
            titles[kind] = title
    return " > ".join(dict.fromkeys(titles.values()))


def _title_of(line: str) -> str | None:
    if 2 < len(line) <= _LONGEST_TITLE and not _NO_TITLE.search(line):
        return line
    glued = _GLUED.match(line)  # line breaks are often gone: `다. 통화선도회사는 환율변동위험을 …`
    if glued and not _ONLY_WHEN.fullmatch(glued[0]):
        return glued[0].strip()
    announced = _ANNOUNCED.search(line)
    if announced is None or line.startswith(("(*", "※")):
        return None
    mark = _MARK.match(line)
    return f"{mark[0] if mark else ''} {announced[1]}".strip()
