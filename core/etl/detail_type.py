"""What stands in for `reprt_code` of a filing that is no periodic report: its pblntf_detail_ty.

OpenDART's list.json does not say it; who asked for one type knows it (`kind` of our rows). Else the name
of the report tells. The 61 types are in notes/dart.md §2.
"""

import re
from collections.abc import Mapping
from typing import Any

_DETAIL = re.compile(r"[A-J]\d{3}")
_BY_NAME = (
    (re.compile(r"대량보유상황보고"), "D001"),
    (re.compile(r"임원ㆍ?주요주주.*거래계획"), "D005"),
    (re.compile(r"임원ㆍ?주요주주.*소유상황"), "D002"),
    (re.compile(r"의결권대리행사권유"), "D003"),
    (re.compile(r"^공개매수"), "D004"),
    (re.compile(r"^(?:증권신고서|투자설명서|증권발행실적보고서)\(채무증권"), "C002"),
    (re.compile(r"^(?:증권신고서|투자설명서)\((?:파생결합|주가연계)"), "C003"),
    (re.compile(r"^(?:증권신고서|투자설명서|증권발행실적보고서)\((?:합병|분할|주식의포괄적)"), "C004"),
    (re.compile(r"^(?:증권신고서|투자설명서|예비투자설명서|증권발행실적보고서)"), "C001"),
    (re.compile(r"^소액공모"), "C006"),
    (re.compile(r"^자기주식(?:취득|처분)결과보고서"), "E001"),
    (re.compile(r"^신탁계약에의한취득상황보고서"), "E002"),
    (re.compile(r"^합병등종료보고서"), "E003"),
    (re.compile(r"^주식매수선택권부여"), "E004"),
    (re.compile(r"^사외이사의?선임"), "E005"),
    (re.compile(r"^주주총회소집공고"), "E006"),
    (re.compile(r"^연결감사보고서"), "F002"),
    (re.compile(r"^감사보고서"), "F001"),
    (re.compile(r"대규모내부거래|^동일인등출자계열회사와의상품"), "J001"),
    (re.compile(r"^기업집단현황"), "J004"),
)


def detail_type(name: str, row: Mapping[str, Any], *, exchange: bool) -> str:
    """`name` is the report's, without spaces and [기재정정]; B001 or, of the exchange, I001 if unknown."""
    for key in ("pblntf_detail_ty", "kind"):
        stated = str(row.get(key) or "")
        if _DETAIL.fullmatch(stated):
            return stated
    if exchange:
        return "I002" if "공정공시" in name or "잠정" in name else "I001"
    return next((code for pattern, code in _BY_NAME if pattern.search(name)), "B001")
