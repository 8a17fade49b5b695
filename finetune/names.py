"""Names in a text that a writer may have made up: of companies above all."""

import re
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

_NOUNS = ("NNG", "NNP", "XSN", "SL", "XPN", "MM")

Names = Callable[[str], Sequence[str]]
_ORGANISATION = re.compile(
    r"(?<![가-힣A-Za-z])[가-힣A-Za-z]{1,8}(?:전자|바이오|건설|화학|제약|증권|테크|홀딩스|산업|중공업|생명|에너지|물산"
    r"|소프트|엔터테인먼트|통신|반도체|모빌리티|은행|카드|해운|항공|식품)(?=[은는이가을를의에과와도,\s.]|$)"
)


def proper_nouns(tokenize: Callable[[str], Sequence[Any]]) -> Names:
    """Names with the ending of a company's, proper nouns of Kiwi of three letters and more (it takes many a
    syllable for a name), and whose a sentence's matter is (`삼정전기의 2024년 …`): a company that Kiwi does
    not know falls into common nouns."""

    def names(text: str) -> list[str]:
        morphemes = list(tokenize(text))
        found = [*_ORGANISATION.findall(text)]
        found += [m.form for m in morphemes if m.tag == "NNP" and len(m.form) > 2]
        head = list(takewhile(lambda m: m.tag in _NOUNS, morphemes))
        after = morphemes[len(head)] if len(head) < len(morphemes) else None
        whole = text[: head[-1].start + head[-1].len] if head else ""
        if len(whole) > 2 and " " not in whole and after and after.tag == "JKG":
            found.append(whole)
        return found

    return names
