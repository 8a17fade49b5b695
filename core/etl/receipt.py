"""A filing as DART lists it: whether it corrects or withdraws another one, and what it is about."""

import re
from dataclasses import dataclass
from datetime import date

from core.korean import squeeze

# 정정명령부과 and 정정제출요구 mark an original that DART wants amended, not the amendment.
_AMENDING = re.compile(r"\[(?:기재정정|첨부정정|첨부추가|정정|변경등록|발행조건확정)\]")
_PREFIX = re.compile(r"^(\s*\[[^\]]*\])+")
_WRAPPER = re.compile(r"^주요사항보고서\((.+)\)$")
_SUFFIX = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)$")
_CLOSING = re.compile(r"\d{4}\.\d{2}$")
_WITHDRAWAL = re.compile(r"철회신고서$")


def amends(report_nm: str) -> bool:
    """Whether the report's name says that it corrects an earlier filing."""
    return _AMENDING.search(report_nm.replace(" ", "")) is not None


def withdraws(report_nm: str) -> bool:
    """Whether it is a 철회신고서."""
    return _WITHDRAWAL.search(squeeze(report_nm)) is not None


def withdrawn_name(report_nm: str) -> str:
    """What stands before 철회신고서 in its name, if anything does."""
    return _WITHDRAWAL.sub("", squeeze(report_nm))


def without_marks(report_nm: str) -> str:
    """`[기재정정] 사업보고서 (2024.12)` → `사업보고서 (2024.12)`."""
    return _PREFIX.sub("", report_nm).strip()


def bare_report(report_nm: str) -> str:
    """Without marks and without spaces, in which DART's lists and documents differ."""
    return "".join(without_marks(report_nm).split())


def wrapped_report(report_nm: str) -> str | None:
    """`[기재정정]주요사항보고서(유상증자결정)` → `유상증자결정`; None for a report of its own name."""
    wrapped = _WRAPPER.match(bare_report(report_nm))
    return wrapped[1] if wrapped else None


def report_key(report_nm: str) -> tuple[str, str]:
    """The name without `[기재정정]`, wrapper, spaces and the several middle dots; and its last brackets."""
    name = re.sub(r"[ㆍ·・‧⋅]", "·", wrapped_report(report_nm) or bare_report(report_nm))
    found = _SUFFIX.search(name)
    return (name[: found.start()], found[1]) if found and found.start() else (name, "")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What linking needs to know of a filing; `here` is False when only DART's list has it.

    `amends` is false for a 철회신고서. `marked`: 정 stands at it in DART's list.
    """

    rcept_no: str
    report_nm: str
    period: str | None
    rcept_dt: date
    amends: bool
    first_filed: date | None = None
    withdrawn: bool = False
    here: bool = True
    marked: bool = False

    @property
    def subject(self) -> tuple[str, str | None, bool]:
        """Report, closing month and organ: a company files one event with DART and with the exchange."""
        base, suffix = report_key(self.report_nm)
        period = self.period or (suffix if _CLOSING.match(suffix) else None)
        return base, period, self.rcept_no[8] in "89"

    @property
    def suffix(self) -> str:
        """`자율공시`, `지분증권`, or words of the company's own."""
        return report_key(self.report_nm)[1]

    @property
    def says(self) -> date | None:
        """The original's day; none when it gives its own, as real ones do."""
        return self.first_filed if self.first_filed != self.rcept_dt else None
