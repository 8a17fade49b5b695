"""What a record shows its writer, read back: statements of sources, and lines of figures by placeholder."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from core.korean import squeeze
from core.model import AnswerFigure, Level
from core.profile.glossary import Glossary
from core.rag.language.mentions import clauses
from core.rag.language.phrasing import Terms, verbs
from core.rag.language.reading import Reading, read
from core.rag.language.wording import period_words
from core.rag.passages.statements import statements
from core.rag.placeholders import fill
from finetune.chrf import ngrams

_FIGURE = re.compile(r"^- \{\{F(\d{1,3})\}\}: (.+?)( \[\d+\])?$", re.MULTILINE)
_PERIOD = re.compile(r"^(?:19|20)\d{2}")
HEADING = re.compile(r"^\s*(실적|밸류에이션|가이던스|리스크)\s*[:：]\s*", re.MULTILINE)
_END = re.compile(r"(?<=[가-힣\])][.!?])[ \t]+(?!\[)(?=\S)|(?<=[.!?] \[\d\])[ \t]+(?=[^\s\[])|\n+")
_QUESTION = "\n[질문]\n"  # what a person asks is not taken for true
_SHORTEST = 10  # characters of a clause that is compared by itself
_NUMBERED = re.compile(r"^\[(\d{1,3})\]", re.MULTILINE)


@dataclass(frozen=True)
class Told:
    """One statement that is taken for true."""

    text: str

    @cached_property
    def reading(self) -> Reading:
        return read(self.text)

    @cached_property
    def parts(self) -> list[tuple[str, list[Counter[str]]]]:
        return [(part, ngrams(part)) for part in parts(self.reading.text)]


@dataclass(frozen=True)
class Shown:
    """`reference` is said of the same sources by someone who is right."""

    text: str
    reference: str = ""

    @cached_property
    def figures(self) -> list[AnswerFigure]:
        """By number, as the lines `- {{F1}}: 회사 · 기간 · 기준 · 계정 = 식 = 값` have them."""
        return [_figure(match[2]) for match in _FIGURE.finditer(self.text)]

    @cached_property
    def told(self) -> list[Told]:
        named = [match[2].split(" · ", 1)[0] for match in _FIGURE.finditer(self.text)]
        said = [_sentence(name, figure) for name, figure in zip(named, self.figures, strict=True)]
        plain = _FIGURE.sub("", self.text).split(_QUESTION)[0]
        said += [one.shown for form in (True, False) for one in statements(plain, form=form)]
        said += sentences(HEADING.sub("", fill(self.reference, self.figures)))
        return [Told(one) for one in dict.fromkeys(said)]

    @cached_property
    def years(self) -> frozenset[int]:
        """Named anywhere: in a statement, a date, or a label such as `사업보고서 (2024.12)`."""
        whole = f"{self.text}\n{self.reference}"
        return frozenset(
            int(year) for year in re.findall(r"(?<![\d,.])((?:19|20)\d{2})(?![\d,]|억|조|만)", whole)
        )

    @cached_property
    def months_and_days(self) -> frozenset[tuple[int, str]]:
        """`9월`, `30일`, both months of `7~9월`, and those of `2025-09-30` and `2025.09`."""
        whole = "\n".join(one.text for one in self.told) + self.text
        found = {(int(n), unit) for n, unit in re.findall(r"(?<!\d)(\d{1,2})\s*([월일])", whole)}
        found |= {(int(n), "월") for n in re.findall(r"(?<!\d)(\d{1,2})\s*[~∼-]\s*\d{1,2}\s*월", whole)}
        for month, day in re.findall(r"(?<!\d)\d{4}[-.](\d{2})(?:[-.](\d{2}))?(?!\d)", whole):
            found |= {(int(month), "월")} | ({(int(day), "일")} if day else set())
        return frozenset(found)

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(int(n) for n in _NUMBERED.findall(self.text))

    def filled(self, said: str) -> str:
        return fill(said, self.figures)


@dataclass(frozen=True)
class Seen:
    """What one prompt shows, read once: two models answer it, and reading it takes the most time."""

    shown: Shown
    glossary: Glossary
    terms: Terms

    @cached_property
    def text(self) -> str:
        """With what the glossary says of its words."""
        both = f"{self.shown.text}\n{self.shown.reference}\n"
        return both + "".join(term.plain for term in self.glossary.find(both))

    @cached_property
    def squeezed(self) -> str:
        return squeeze(self.text)

    @cached_property
    def done(self) -> frozenset[str]:
        """Stems of verbs, which are too short to be looked up in a text."""
        return frozenset(verbs(self.text, self.terms))


def sentences(text: str) -> list[str]:
    """Of a draft, with their list marks and citations: `… 늘었어요 [1]. …` are two."""
    return [one for one in _END.split(text) if one.strip()]


def parts(text: str) -> list[str]:
    """Its clauses; short ones stay with the one before."""
    found: list[str] = []
    for start, end in clauses(text):
        if found and end - start < _SHORTEST:
            found[-1] += text[start:end]
        else:
            found.append(text[start:end])
    return found


def _figure(line: str) -> AnswerFigure:
    what, _, rest = line.removesuffix(" (같은 공시 안에 다른 값이 있음: 하나만 말하지 말 것)").partition(
        " = "
    )
    formula, _, text = rest.rpartition(" = ")
    parts: Sequence[str] = what.split(" · ")
    period = next((part for part in parts[:-1] if _PERIOD.match(part)), None)
    basis = next((part for part in parts[:-1] if part in ("연결", "별도")), None)
    unit = re.sub(r"^[-\d,.조억만천\s]+", "", text)
    return AnswerFigure(parts[-1], text, Decimal(0), unit, period, basis, None, formula or None)


def _sentence(company: str, figure: AnswerFigure) -> str:
    """A line of figures as a statement; a rate says which way it went."""
    when = period_words(figure.period, Level.ADVANCED)
    lead = " ".join(part for part in (f"{company}의", when, figure.basis or "", figure.label) if part)
    if not figure.formula:
        return f"{lead} {figure.text}"
    way = "감소" if figure.text.startswith("-") else "증가"
    return f"{lead.replace(' 증감률', '').replace(' 차이', '')} {figure.text.lstrip('-')} {way}"
