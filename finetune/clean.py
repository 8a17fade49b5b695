"""What is never learnt from: people, ways to reach them, notices, and sentences that advise."""

import re
from collections.abc import Iterator

from core.rag.language.phrasing import advises, planted

_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"  # mail
    r"|(?<!\d)(?:\+?82[-\s.]?)?\(?0\d{1,2}\)?[-\s.)]\d{3,4}[-\s.]\d{4}(?!\d)"  # telephone
    r"|(?<!\d)\d{6}[-\s][1-8]\d{6}(?!\d)"  # resident registration number
    r"|(?:애널리스트|연구원|연구위원|Analyst|RA|담당자?|작성자)\s*[:：]?\s*[가-힣]{2,4}(?![가-힣])"
    r"|[가-힣]{2,4}\s*(?:애널리스트|연구원|연구위원|선임연구원)"
)
_NOTICE = re.compile(
    r"본 (?:조사분석)?자료(?:는|의)|법적 책임|무단\s*(?:복제|전재|배포)|당사는 (?:자료|동 )|금융투자분석사"
    r"|이해\s*관계|투자의견 (?:분류|비율|변동)|컴플라이언스|Compliance|저작권|지어낸 가상의"
    r"|실제가 아닙니다|사전(?:에)? 제공"
)
_CHART = re.compile(
    r"^(?:자료|주|출처|도표|그림|표|증권사|발간일|작성일|종목|Source|Figure)\s*\d*\s*[:：]", re.IGNORECASE
)
# Beside `advises`: words of brokers, and what to do with a share in anybody's words (비중 확대 is there).
_BROKERS = re.compile(
    r"Top\s*pick|최선호|차선호|매수|매도|매집|\bBuy\b|\bSell\b|\bHold\b|Outperform|투자\s*(?:의견|매력)|상승\s*여력"
    r"|적정\s*(?:주가|가치|가격)|목표\s*(?:주가|가|배수)|업종\s*비중|접근이?\s*(?:유효|필요)|리레이팅|트레이딩"
    r"|(?:주가|주식|가격|종목)\S{0,3}\s+(?:아직\s+|너무\s+|매우\s+)*(?:싸|쌉|비싸|비쌉|저렴|매력)",
    re.IGNORECASE,
)
_DEED = (
    r"(?<![가-힣])(?:사|팔|담|모|파|산|살|판|들어가|갈아타|빠져나오|나오|올라타|버티|기다리|쥐|들고|줍)"
    r"|사\s?모|보유|진입|청산|손절|익절|물타|비중|포지션|투자"
)
_URGE = (
    r"세요|십시오|시길|권(?:합|해|유)|추천|좋(?:은|겠|습|아)|낫|나아|괜찮|유효|때(?:예|이|입|라)|기회|타이밍|시점입|적기|만합|만해|만한"
    r"|고려|고민|알맞|어울|바람직|현명|서두르|늦지|필요가 있|야 (?:합|해)"
)
# Whoever explains a filing neither orders nor speaks of himself.
_CALL = re.compile(
    rf"(?:{_DEED})[^.]{{0,14}}?(?:{_URGE})"
    r"|(?:세요|십시오|시길|[읍합]시다|시죠)(?=[\s.!)]|$)"
    r"|(?<![가-힣])(?:저는|저라면|저도|제 생각|제가|나라면)(?![가-힣])"
    r"|차익|손해 볼|손실 볼|(?<![가-힣])(?:사|팔)(?:면|고|았|자|려|겠|둘|두)(?![가-힣]*업)"
    r"|(?:종목|주식|투자처)(?:이|입|예|으로)[^.]{0,6}$"
)
_SENTENCE = re.compile(r"(?<=[가-힣]\.)\s+|\n+")
_SHORTEST, _LONGEST = 10, 300  # characters of a sentence that says something


def personal(text: str) -> bool:
    return bool(_PERSONAL.search(text))


def calls(text: str) -> bool:
    """Whether it gives an opinion what to do with a share, or what one is worth."""
    return advises(text) or bool(_BROKERS.search(text) or _CALL.search(text))


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
