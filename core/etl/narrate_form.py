"""The first sentence of an event filing: who, what, how much, against what, with whom, when, why.

The words are in form_sentences.toml; here is how they are put together. What a form leaves empty is left
out, and so is what it says twice differently: no number is said that is not in one cell of the form.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import zip_longest
from typing import NamedTuple

from core.etl.correction import parse_date
from core.etl.document import Table
from core.etl.labelled import Form, Value
from core.etl.narrate import change
from core.etl.receipt import amends, without_marks, wrapped_report
from core.korean import amount, particle, squeeze
from core.model import Filing

_FREE = re.compile(r"\((?!잠정|공정공시)[^()]*\)$")
_SUBSIDIARY = "자회사의주요경영사항"
_SLOT = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_COMPARED = re.compile(r"^(?P<said>[^<]*\{(?P<now>[^{}]+)\})<(?P<when>[^:<>]+):(?P<before>[^<>]+)>$")
_BULLET = re.compile(r"^(?:[-ㆍ·○●ㅇ※*▶]|\(?\d{1,2}[.)](?!\d)|[가-하]\.)\s*")
_DAY = re.compile(r"\d{4}\s*[-./년]\s*\d{1,2}\s*[-./월]\s*\d{1,2}")
_WHOLE = re.compile(r"(?:[한된있없인였었했]다|하라)$")  # a cell that says a sentence
_MAX_TEXT = 80
_MOST_CLAUSES = 6
_LONG = 48  # characters of a clause


class _Clause(NamedTuple):
    """`verb`: it ends in a verb's stem, 늘었 or 결정했; else in a noun."""

    text: str
    verb: bool


@dataclass(frozen=True, slots=True)
class _Sentence:
    """`act` is a doing (`유상증자를 결정`) to which 했다 is added; with none of them it is said that a filing
    `about` it was made. Each is a list of which the first is taken that the form can fill, and so is
    each of the clauses that follow."""

    title: re.Pattern[str]
    subject: Sequence[str] = ()
    act: Sequence[str] = ()
    about: Sequence[str] = ()
    clauses: Sequence[Sequence[str]] = ()


class _Slot(NamedTuple):
    kind: str
    labels: Sequence[str]


def narrate_form(filing: Filing, tables: Sequence[Table], reason: str | None) -> list[str]:
    """One sentence, which core.narration.LEAD recognises. The day is that of the filing.

    `reason` is what an amendment says of itself. Long clauses come last: who shortens a sentence for
    a beginner cuts its end.
    """
    name = report_name(filing.report_nm)
    words = _Words(filing, Form(tables))
    sentence = next(one for one in _sentences() if one.title.search(squeeze(name)))
    who = particle(words.first(sentence.subject) or filing.corp_name, "은/는")
    filed = f"{_said_day(filing.rcept_dt)} {'정정 ' if amends(filing.report_nm) else ''}공시했"
    if why := reason and _said_text(reason):
        filed = f"{particle(why, '을/를')} 이유로 {filed}"
    child = None
    if _SUBSIDIARY in squeeze(filing.report_nm):
        child = words.first(["자회사 {자회사}", "자회사"]) or ""
    clauses = [clause for options in sentence.clauses if (clause := words.clause(options))][:_MOST_CLAUSES]
    clauses.sort(key=lambda clause: len(clause.text) > _LONG)
    if act := words.first(sentence.act):
        who += f" {particle(child, '이/가')}" if child else ""
        return [f"{who} {_joined([_Clause(f'{act}했', True), *clauses], '고')} {filed}다."]
    who += f" {child}의" if child else ""
    about = f"{who} {particle(words.first(sentence.about) or name, '을/를')} {filed}"
    return [f"{about}으며, {_joined(clauses, '.')}" if clauses else f"{about}다."]


def report_name(report_nm: str) -> str:
    """`[기재정정]주요사항보고서(유상증자결정)` → `유상증자결정`; free words in brackets at the end go."""
    bare = without_marks(report_nm)
    return wrapped_report(report_nm) or _FREE.sub("", bare).strip() or bare


def _joined(clauses: Sequence[_Clause], end: str) -> str:
    """`…했으며, …이고, …이라고` or, with `.` as the end and after another 으며, `…이고, …이다.`"""
    *before, last = clauses
    said = [
        f"{text}{('으며', '고')[place % 2] if verb else ('이며', '이고')[place % 2]}, "
        for place, (text, verb) in enumerate(before, end == ".")
    ]
    if last.verb:
        return "".join(said) + last.text + ("다." if end == "." else "다고")
    return "".join(said) + (f"{last.text}이다." if end == "." else particle(last.text, "이라고/라고"))


@dataclass(slots=True)
class _Words:
    """Templates filled from one form: `{slot}`, `{slot:은/는}`, `[only with its {slot}]`, `{one|other}`."""

    filing: Filing
    form: Form
    _found: dict[str, str | None] = field(default_factory=dict)
    _numbers: dict[str, tuple[Decimal, str]] = field(default_factory=dict)

    def first(self, templates: Sequence[str]) -> str | None:
        return next((text for one in templates if (text := self.filled(one)) is not None), None)

    def filled(self, template: str) -> str | None:
        """None when a slot outside `[…]` is empty; `{one|other}` names those of them that are not."""
        values: list[str | None] = []

        def fill(slot: re.Match[str]) -> str:
            value = self.value(slot[1])
            values.append(value)
            return particle(value or "", slot[2]) if slot[2] else value or ""

        # Apart, so that what a cell says is never read as a template.
        always, optional = _OPTIONAL.split(template)[::2], _OPTIONAL.findall(template)
        said = [
            _SLOT.sub(fill, part) + ((self.filled(more) or "") if more else "")
            for part, more in zip_longest(always, optional, fillvalue="")
        ]
        return None if None in values else "".join(said)

    def clause(self, options: Sequence[str]) -> _Clause | None:
        """`~` at the end adds 했; `{a}<전년 동기:b>` compares a with b."""
        for option in options:
            compared = _COMPARED.match(option)
            if compared and (text := self.filled(compared["said"])):
                return self._compared(text, compared)
            if not compared and (text := self.filled(option.removesuffix("~"))):
                if option.endswith("~"):
                    return _Clause(f"{text}했", True)
                return _Clause(f"{text}는 것" if _WHOLE.search(text) else text, False)
        return None

    def _compared(self, text: str, clause: re.Match[str]) -> _Clause:
        before = self.value(clause["before"])
        now, past = self._numbers.get(clause["now"]), self._numbers.get(clause["before"])
        if not (before and now and past) or now[1] != past[1]:
            return _Clause(text, False)
        changed = change(now[0], past[0])
        if changed is None:
            return _Clause(f"{text}({clause['when']} {before})", False)
        return _Clause(f"{particle(text, '으로/로')} {clause['when']}({before}){changed}", True)

    def value(self, name: str) -> str | None:
        if "|" in name:
            said = [f"{one} {value}" for one in name.split("|") if (value := self.value(one))]
            return ", ".join(said) or None
        if name == "회사":
            return self.filing.corp_name
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> str | None:
        slot = _slots()[name]
        value = self.form.find(slot.labels, _ACCEPTED.get(slot.kind, lambda value: _is(value, slot.kind)))
        if value is None:
            return None
        if slot.kind == "day":
            day = parse_date(value.text)
            return _said_day(day) if day else None
        number = value.number() if slot.kind != "text" else None
        if number is None:
            return _said_text(value.text)
        self._numbers[name] = number.value, number.unit
        return amount(number.value, number.unit)


def _is(value: Value, unit: str) -> bool:
    number = value.number()
    return number is not None and number.unit == unit


_ACCEPTED: dict[str, Callable[[Value], bool]] = {
    "day": lambda value: len(_DAY.findall(value.text)) == 1,
    "text": lambda _: True,
}


def _said_day(day: date) -> str:
    return f"{day.year}년 {day.month}월 {day.day}일"


def _said_text(text: str) -> str | None:
    """In one line of at most 80 characters, without bullets and the full stop; None when it is longer."""
    lines = [_BULLET.sub("", line.strip()).strip(" .,") for line in text.split("\n")]
    said = ", ".join(line for line in lines if line)
    return said if 0 < len(said) <= _MAX_TEXT else None


@cache
def _read() -> tuple[tuple[_Sentence, ...], dict[str, _Slot]]:
    data = tomllib.loads(resources.files("core.etl").joinpath("form_sentences.toml").read_text("utf-8"))
    slots = {
        name: _Slot(kind, labels) for kind, named in data["slots"].items() for name, labels in named.items()
    }
    sentences = tuple(
        _Sentence(
            re.compile(one["title"]),
            one.get("subject", ()),
            one.get("act", ()),
            one.get("about", ()),
            tuple([options] if isinstance(options, str) else options for options in one.get("clauses", ())),
        )
        for one in data["form"]
    )
    return sentences, slots


def _sentences() -> Sequence[_Sentence]:
    return _read()[0]


def _slots() -> dict[str, _Slot]:
    return _read()[1]
