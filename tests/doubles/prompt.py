"""A prompt as a model reads it: figures, sources, terms. Nothing here uses the program's own reading."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_PART = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?([조억만])?")
_SCALE = {"조": Decimal(10) ** 12, "억": Decimal(10) ** 8, "만": Decimal(10) ** 4, "": Decimal(1)}
_FIGURE = re.compile(r"^- (\{\{F\d+\}\}): (.+?) = (.+) \[(\d+)\]$", re.MULTILINE)
_SOURCE = re.compile(r"^\[(\d+)\] (.+?) › (.+?) › (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Listed:
    """A line of [수치]."""

    mark: str
    company: str
    period: str | None
    basis: str | None
    label: str
    text: str
    source: int
    computed: bool


@dataclass(frozen=True)
class Prompt:
    text: str
    figures: Sequence[Listed]
    sources: Sequence[tuple[int, str, str]]  # number, company, text
    terms: Sequence[tuple[str, str]]
    question: str

    @property
    def again(self) -> bool:
        """Whether sentences are to be written anew."""
        return "[고칠 문장]" in self.text


def parse(text: str) -> Prompt:
    figures = []
    for mark, what, value, source in _FIGURE.findall(text):
        label, *formula = what.split(" = ", 1)
        parts = label.split(" · ")
        period = next((p for p in parts if re.fullmatch(r"\d{4}(?:\.\d{2} \S+)?", p)), None)
        basis = next((p for p in parts if p in ("연결", "별도")), None)
        shown = value.rsplit(" = ", 1)[-1]
        computed = bool(formula) or " = " in value
        figures.append(Listed(mark, parts[0], period, basis, parts[-1], shown, int(source), computed))
    head, _, rest = text.partition("\n\n[수치]\n")
    places = list(_SOURCE.finditer(head))
    starts = [m.start() for m in places] + [len(head)]  # none where a term is all that is asked
    sources = [(int(m[1]), m[2], head[m.end() : end]) for m, end in zip(places, starts[1:], strict=True)]
    terms = re.findall(
        r"^- ([^:{}]+): (.+)$", rest.partition("[용어]")[2].partition("[질문]")[0], re.MULTILINE
    )
    return Prompt(text, figures, sources, terms, rest.partition("[질문]\n")[2])


def when(period: str | None) -> str:
    if not period:
        return ""
    year, _, rest = period.partition(".")
    if not rest:
        return f"{year}년"
    month, kind = int(rest[:2]), rest[3:]
    if kind == "말":
        return f"{year}년 {month}월 말"
    return f"{year}년 {month - 2}~{month}월 3개월" if kind == "3개월" else f"{year}년 1~{month}월 누적"


def worth(text: str) -> Decimal:
    """The number an amount as listed stands for, sign included."""
    size = sum(
        (Decimal(m[1].replace(",", "")) * _SCALE[m[2] or ""] for m in _PART.finditer(text)), Decimal(0)
    )
    return -size if text.startswith("-") else size


def topic(word: str, pair: str = "은는") -> str:
    last = ord(word.rstrip(")")[-1])
    return word + (pair[0] if 0xAC00 <= last <= 0xD7A3 and (last - 0xAC00) % 28 else pair[1])


def prose(prompt: Prompt) -> list[tuple[int, str]]:
    """Whole sentences of the sources, with their numbers; `다. 유동성 위험` is a heading."""
    found = []
    for n, _, text in prompt.sources:
        for line in text.splitlines():
            if not line.startswith(("|", "#", "(")):
                found += [
                    (n, s.strip()) for s in re.split(r"(?<=\S다\.)\s+", line) if s.strip().endswith("다.")
                ]
    return found
