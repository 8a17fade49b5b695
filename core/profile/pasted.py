"""Which parts of a message are the person's own words: filing sentences, headlines and forwards are not.

A paste is told by quotation marks, a leading mark (`[공시]`, `>`), or the register of filings; never by
length alone, so that a long question of one's own stays one's own.
"""

import re
from collections.abc import Sequence

from core.profile.cues import words

_MARKED = re.compile(
    r"「[^」]*」|『[^』]*』|“[^”]*”|‘[^’]*’|\"[^\"\n]*\"|(?<![\w'])'[^'\n]*'(?!\w)|《[^》]*》|<[^<>\n]{4,}>|```.*?```",
    re.DOTALL,
)
_LEADING = re.compile(
    r"^\s*(?:>|\[(?:공시|속보|단독|특징주|정정|기재정정|첨부정정|종합|뉴스|Web발신|마켓|클릭[^\]]*)\]|▶|■|※|【).*",
    re.MULTILINE,
)
_POINTED = re.compile(r"^(.{8,}?)\s*(?:←|<-|<=|⇐)", re.MULTILINE)
# `… 이런 글이 올라왔는데`: whoever says so says that what stands before is not theirs, whatever its register
_RECEIVED = re.compile(
    r"^(.{25,}?)[\s.…]*(?:이런|요런|이렇게만?) ?(?:글|공지|문자|공시|뉴스|메일|메시지|카톡|기사|말)?"
    r"(?:이|가)? ?"
    r"(?:왔|와 ?있|올라왔|떴|받았|나왔|돌고)",
    re.MULTILINE,
)
# Where a person's own words take over after a paste without quotation marks
_TAKES_OVER = re.compile(
    r"\s(?:이거|이게|이건|이런 ?(?:공지|글|문자|공시|게|말|거)|이 ?(?:말|문장|공시|글|문자|뉴스)|"
    r"라고 ?(?:떴|나왔|왔|올라|하|적)|라는 ?(?:글|문자|공시|공지|게|말)|라는데"
    r"|뭔 ?(?:말|소리)|무슨 ?(?:말|뜻|소리))"
)
_PIECES = re.compile(r"[^\n.!?…]+(?:\.(?=\d)[^\n.!?…]+)*[\n.!?…]*")
_FILED_END = re.compile(
    r"(?:한다|된다|하였다|되었다|이다|있다|없다|아니한다|합니다|됩니다|하였습니다|바랍니다|드립니다|예정임|있음|수반|급증|급감|공급계약|결정|체결|취득|처분|정정)\s*[.)」'\"]*\s*$"
)
_FILED_WORDS = words("filed")
_OWN = re.compile(r"[?？]|(?:요|죠|까|나요|임|함|음|냐|네|야|어|아|지|ㅋ+|ㅎ+|ㅠ+)[.!~]*\s*$")
_LONG_ENOUGH = 25  # characters: a short noun phrase is how people ask
_MARKS = 2  # register marks that make an unmarked sentence a filing's


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Spans [start, end) of the text that are not the person's own words, merged, in order."""
    spans = [found.span() for found in _MARKED.finditer(text)]
    spans += [(found.start(), _until_own(found[0], found.start())) for found in _LEADING.finditer(text)]
    spans += [
        (found.start(), _until_own(found[0], found.start()))
        for found in _PIECES.finditer(text)
        if (own := _TAKES_OVER.search(found[0])) and _filed(found[0][: own.start()], whole=False)
    ]
    spans += [found.span(1) for found in _RECEIVED.finditer(text) if not _OWN.search(found[1])]
    spans += [found.span(1) for found in _POINTED.finditer(text)]
    spans += [piece.span() for piece in _PIECES.finditer(text) if _filed(piece[0])]
    return _merged(spans)


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with the spans blanked out, of the same length."""
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return "".join(kept)


def _until_own(line: str, start: int) -> int:
    own = _TAKES_OVER.search(line)
    return start + (own.start() if own else len(line))


def _filed(piece: str, *, whole: bool = True) -> bool:
    """Whether an unmarked sentence reads like a filing's; not `whole`: its writer's own words follow."""
    body = piece.strip()
    if len(body) < _LONG_ENOUGH or "?" in body:
        return False
    if not whole and _FILED_END.search(body) and _FILED_WORDS.search(body):
        return True
    words = {found[0] for found in _FILED_WORDS.finditer(body)}
    if _FILED_END.search(body):
        return len(words) >= _MARKS
    return len(words) > _MARKS and not _OWN.search(body)


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
