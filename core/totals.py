"""Which labels of a table call a total: 합 계, 소계, 계(*), 자산총계, 관계기업 계."""

import re
from functools import lru_cache

_ASIDE = re.compile(r"\([^()]*\)|\*")
_ALONE = re.compile(r"(?:총|합|총합|누)?계|합산|전체|전사")
_PARTIAL = "소계"
_SAID = re.compile(r"(?:[합소총]\s?|(?:^|(?<=\s)))계(?=\s|$)|전체$")  # and no 총계약원가, no 신세계
_NO_PART = re.compile(r"(?:^|\s)기타|조정|내부거래|제거|상계|차감|단순(?!투자)|공통|배부|^연결|^구분")


@lru_cache(maxsize=16_384)  # the labels of a report are few, and one answer reads each of them ten times
def is_total(label: str, *, whole: bool = False) -> bool:
    """Whether it says that and no more; with `whole` of the whole table: no 소계."""
    bare = "".join(_ASIDE.sub("", label).split())
    return bool(_ALONE.fullmatch(bare)) or (bare == _PARTIAL and not whole)


@lru_cache(maxsize=16_384)
def says_total(label: str) -> bool:
    """Whether it calls a total, alone or with the name of what is added up."""
    return is_total(label) or bool(_SAID.search(_ASIDE.sub("", label).rstrip()))


def is_no_part(label: str) -> bool:
    """Whether a row or column is none of the parts that a table tells apart: a total, the rest of them, or
    what lies between them."""
    return says_total(label) or bool(_NO_PART.search(label))
