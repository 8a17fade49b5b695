"""What kind of filing one is, and how much its kind matters (kinds.toml)."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from core.etl.receipt import bare_report, wrapped_report
from core.korean import squeeze

EVERY = "전체"


@dataclass(frozen=True, slots=True)
class Kind:
    """`percent`, `share` and `money` are names of cells, as `core.rag.language.accounts.key` makes them."""

    name: str
    says: Sequence[str]
    title: re.Pattern[str]
    weight: int
    percent: Sequence[str] = ()
    share: Sequence[str] = ()
    money: Sequence[str] = ()


def kind_of(report_nm: str) -> Kind:
    """By the report's name, with or without `[기재정정]` and `주요사항보고서(…)`."""
    name = wrapped_report(report_nm) or bare_report(report_nm)
    return next(kind for kind in kinds() if kind.title.search(name))


def named_kinds(text: str) -> list[str]:
    """Names of the kinds that a person asks for, in the order of kinds.toml; [EVERY] for 전체 and 모두."""
    words = {squeeze(word) for word in re.split(r"[\s,·]+", text) if word}
    if words & {EVERY, "모두", "모든", "전부"}:
        return [EVERY]
    return [
        kind.name
        for kind in kinds()
        if words & {squeeze(said) for said in (kind.name, *kind.name.split("ㆍ"), *kind.says)}
    ]


@cache
def kinds() -> Sequence[Kind]:
    file = resources.files("core.digest") / "kinds.toml"
    return tuple(
        Kind(
            one["name"],
            tuple(one.get("says", ())),
            re.compile(one["title"]),
            one["weight"],
            *(tuple(one.get(name, ())) for name in ("percent", "share", "money")),
        )
        for one in tomllib.loads(file.read_text(encoding="utf-8"))["kind"]
    )
