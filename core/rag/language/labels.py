"""What the labels of a cell say, made ready to be held against a question."""

import re
from functools import lru_cache

from core.korean import LEGAL_FORM, squeeze
from core.model import Figure
from core.rag.language.particles import stems_of
from core.totals import is_total

TOKEN = re.compile(r"[가-힣A-Za-z&]+(?:\d+(?![\d.,]))?")  # 이마트24
INNER = re.compile(r"(?<=\S)\([^()]*\)")  # brackets behind a name
_PLAIN_UNITS = frozenset(("원", "%", "주", "명"))
_EARNED = re.compile(r"(?<=[가-힣])(?:이익|손실)(?!잉여|준비|률)")
_RATE = re.compile(r"(?<=[가-힣])율(?![가-힣])")  # 가동율 is 가동률
_LETTER_SPACED = re.compile(r"(?<=[가-힣]) (?=[가-힣](?:\s|$))")
_NO_NAME = re.compile(
    r"^(?:제|기|말|[당전]*(?:기|반기|분기)[말초]?|년|월|누적|개월|주|원|당|전|및|등|의|금액|구분)$"
)
_CLOSING = re.compile(r"당?기\s*말(?:\s*(?:금액|잔액|장부금액))?(?:\(\*\d*\))?")
_NO_TITLE = re.compile(
    r"^[\s:]*(?:\d+\.|[가-힣]\.|\(?\d+\)|☞.*)\s*|[\s:]*\(?단위.*|^[^(]*:\s*(?=\S)"
    r"|(?:보고기간종료일|당[반분]?기말|전기말)\s*현재|당[반분]?기(?:와|\s*및)\s*전[반분]?기의?(?:\s*중)?|^당[반분]?기\s*중"
    r"|(?:의|에\s?대한)?\s*(?:(?:주요|세부|구성)\s*)?(?:내역|내용|현황)?(?:[은는이가]?\s*(?:다음|아래)과\s*같.*)?\s*:?\s*$"
)
_NOTE = re.compile(r"^\d{1,2}\.[^>]*(?=>)")  # 13. 무형자산 및 영업권: of more than one table
_NO_TABLE = re.compile(r"연결|별도|조정|제?\d+기\s?(?:반기|분기)?말?|[\[(].*|.")
_MARKS = re.compile(r"\([^)]*\)|㈜|[\s·ㆍ,.*]|부문$")
_STATEMENT = re.compile(r"(?:재무상태|손익계산|현금흐름)[표서]$")
_LEAVES_OUT = re.compile(
    r"([가-힣A-Za-z]{3,}?)[은는을를]?\s?(?:말고|빼고|뺀|제외하고|제외한|제외(?=\)))요?(?![가-힣])"
)
_WITHOUT = re.compile(r"제외|차감|이외")
# What a label leaves out: (사외이사, 감사위원회 위원 제외), 투자부동산을 제외한 유형자산.
_WITHOUT_THESE = re.compile(r"\(([^()]+?)[은는을를]?\s?제외\)|([^\s()]+?)[은는을를]?\s?제외한(?![가-힣])")
# How a row is called that is of men or of women, and how people ask for it.
SEXES = (("남", re.compile(r"남자|남성|남직원|남녀")), ("여", re.compile(r"여자|여성|여직원|남녀")))
_NUMBERED = re.compile(
    r"(?:(?P<word>[가-힣A-Za-z]{2,})\s?(?P<behind>\d{1,3})(?![\d.,%조억만천원주명건개배척년월일분기호위차회인]|-\d|\s?[년월일분%조억만])"
    r"|(?<![\d.-])(?P<before>\d{1,3}(?:-\d{1,3})?)\s?(?P<kind>회차?|차)(?=[의은는에도]?(?![가-힣])))"
)


def sexes_asked(text: str) -> set[str]:
    return {sex for sex, said in SEXES if said.search(text)}


@lru_cache(maxsize=4096)  # the question's for every cell
def _numbers(text: str) -> dict[str, set[str]]:
    """What is told apart by a number → its numbers: 수준 3, 제25-2회, 2차."""
    found: dict[str, set[str]] = {}
    for one in _NUMBERED.finditer(text):
        word = one["word"] or one["kind"][0]
        found.setdefault(word, set()).add(one["behind"] or one["before"])
    return found


def of_another_number(text: str, figure: Figure) -> bool:
    """Whether its labels number something that the question gives another number: 수준 1 for 수준 3."""
    asked = _numbers(text)
    has = _numbers(f"{figure.row} {figure.column}") if asked else {}
    return any(not numbers & has[word] for word, numbers in asked.items() if word in has)


def is_left_out(text: str, figure: Figure) -> bool:
    """Whether it is of what the question does not want: `투자부동산 빼고 유형자산에서만`."""
    left_out = _left_out(text)
    label = even(f"{figure.row} {figure.column}") if left_out else ""
    return any(one in label for one in left_out) and not _WITHOUT.search(label)


def leaves_out(text: str, figure: Figure) -> bool:
    """Whether its labels leave out what the question asks about: 등기이사(감사위원 제외) for 감사위원."""
    without = _without_these(f"{figure.row} {figure.column}")
    asked = _runs(text) if without else ()
    return any(run in one for run in asked for one in without)


@lru_cache(maxsize=4096)
def _without_these(label: str) -> tuple[str, ...]:
    if "제외" not in label:
        return ()
    found = [one for groups in _WITHOUT_THESE.findall(label) for one in groups if one]
    return tuple(even(one) for said in found for one in re.split(r"[,ㆍ·/]|\s및\s", said))


@lru_cache(maxsize=256)  # the question's for every cell
def _runs(text: str) -> tuple[str, ...]:
    """Its words of three letters and more, without those that it leaves out itself."""
    left = _LEAVES_OUT.sub(" ", text)
    return tuple(even(run) for word in TOKEN.findall(left) for run in stems_of(word)[-1:] if len(run) > 2)


@lru_cache(maxsize=256)  # the question's for every cell
def _left_out(text: str) -> tuple[str, ...]:
    return tuple(map(even, _LEAVES_OUT.findall(text)))


@lru_cache(maxsize=16_384)  # the labels of a report are few, and one answer reads each of them ten times
def even(text: str) -> str:
    """Squeezed, and one word for profit and loss: `영업이익(손실)` is the 영업손익 of another filing."""
    return _EARNED.sub("손익", _RATE.sub("률", squeeze(text).replace("(손실)", "").replace("(이익)", "")))


def labels(figure: Figure) -> tuple[str, str]:
    """(what names the cell, what stands around it); what is in brackets only explains a name, and the sum of
    a table is named by its captions."""
    unit = "" if figure.unit in _PLAIN_UNITS else figure.unit  # 차입금 under USD is in 달러
    named = f"{figure.row} {figure.column} {figure.account} {unit}"
    if _sums(figure.row.rpartition(" > ")[2]):
        named += f" {_NOTE.sub('', figure.caption)}"
    bare = INNER.sub(" ", named)
    aside = " ".join(INNER.findall(named)) if len(bare) != len(named) else ""
    return even(bare), even(f"{figure.caption} {figure.section} {figure.segment or ''} {aside}")


def of_statement(figure: Figure) -> bool:
    """Whether its table is called as a statement is: 연결 재무상태표."""
    return bool(_STATEMENT.search(squeeze(figure.caption)))


def is_sum(figure: Figure) -> bool:
    """Whether it is the sum of a table, or what stood at the end of its movements."""
    return _sums(figure.row) and not figure.segment


def _sums(label: str) -> bool:
    return is_total(label) or bool(_CLOSING.fullmatch(label))


@lru_cache(maxsize=4096)
def title(caption: str) -> str:
    """What a table is of, by its caption: `투자부동산의 공정가치` of `마. 보고기간종료일 현재 투자부동산의
    공정가치는 다음과 같습니다(단위: 백만원).`; '' where it says only when or which."""
    for said in reversed(caption.split(" > ")):
        while (bare := _NO_TITLE.sub(" ", said).strip(" .:")) != said:
            said = bare
        if said and not _NO_NAME.match(squeeze(said)) and not _NO_TABLE.fullmatch(said):
            return said
    return ""


@lru_cache(maxsize=16_384)
def bare_label(label: str) -> str:
    """As a question may write the name of a part: 가전 of `㈜가온 가전 부문(*)`."""
    return marks_off(LEGAL_FORM.sub("", label))


def marks_off(text: str) -> str:
    return _MARKS.sub("", squeeze(text))


def unspaced(label: str) -> str:
    """With its letter-spaced words joined: `합 계` as `합계`."""
    return _LETTER_SPACED.sub("", label)


def names(*said: str) -> list[str]:
    """The words of labels that name something, letter-spaced ones joined; times and totals name nothing."""
    text = " ".join(map(unspaced, dict.fromkeys(said)))
    return [
        token
        for token in TOKEN.findall(text)
        if len(token) > 1 and not (_NO_NAME.match(token) or is_total(token))
    ]


def names_of(figure: Figure) -> list[str]:
    return names(figure.account, *figure.row.split(" > "), figure.column)
