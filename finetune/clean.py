"""What is never learnt from: people, ways to reach them, notices, and sentences that advise."""

import re
from collections.abc import Iterator

from core.rag.phrasing import advises, planted

_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"  # mail
    r"|(?<!\d)(?:\+?82[-\s.]?)?\(?0\d{1,2}\)?[-\s.)]\d{3,4}[-\s.]\d{4}(?!\d)"  # telephone
    r"|(?<!\d)\d{6}[-\s][1-8]\d{6}(?!\d)"  # resident registration number
    r"|(?:애널리스트|연구원|연구위원|Analyst|RA|담당자?|작성자)\s*[:：]?\s*[가-힣]{2,4}(?![가-힣])"
    r"|[가-힣]{2,4}\s*(?:애널리스트|연구원|연구위원|선임연구원)"
)
_NOTICE = re.compile(
    r"본 (?:조사분석)?자료(?:는|의)|법적 책임|무단\s*(?:복제|전재|배포)|당사는 (?:자료|동 )|금융투자분석사"
    r"|이해\s*관계|투자의견 (?:분류|비율|변동)|컴플라이언스|Compliance|저작권|지어낸 가상의|사전(?:에)? 제공"
)
_CHART = re.compile(r"^(?:자료|주|출처|도표|그림|표|Source|Figure)\s*\d*\s*[:：]", re.IGNORECASE)
# Beside `advises`: what brokers write for the same (비중 확대와 목표가는 거기 있다).
_CALL = re.compile(
    r"Top\s*pick|최선호|차선호|매수|매도|Buy|Sell|Hold|Outperform|투자\s*(?:의견|판단|매력)|상승\s*여력"
    r"|적정\s*(?:주가|가치)|목표\s*(?:주가|가|배수)|업종\s*비중|접근이?\s*(?:유효|필요)|저가\s*매집|리레이팅",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[가-힣]\.)\s+|\n+")
_SHORTEST, _LONGEST = 10, 300  # characters of a sentence that says something


def personal(text: str) -> bool:
    return bool(_PERSONAL.search(text))


def calls(text: str) -> bool:
    """Whether it gives an opinion what to do with a share, or what one is worth."""
    return advises(text) or bool(_CALL.search(text))


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """Each sentence with '' or the Korean reason not to learn from it; rows of tables are left out."""
    for piece in _SENTENCE.split(text):
        said = " ".join(piece.split()).lstrip("-•▶■□◆●*ㆍ· ")
        if not said or "|" in said:
            continue
        yield said, _reason(said)


def _reason(said: str) -> str:
    if len(said) < _SHORTEST:
        return "너무 짧음"
    if len(said) > _LONGEST:
        return "너무 긺"
    if personal(said):
        return "개인정보"
    if _NOTICE.search(said) or _CHART.search(said):
        return "알림이나 출처 표시"
    if planted(said):
        return "글 속의 지시"
    if calls(said):
        return "투자 의견"
    return ""
