"""Language models on the double of the server: they read the prompt and note what they write."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from tests.doubles.prompt import Listed, Prompt, parse, prose, topic, when, worth

_OFTEN = 0.5
_CLOSE = Decimal("0.0004")  # relative: farther off it is another number


@dataclass(frozen=True)
class Claim:
    """What a sentence says of one number, and nothing else."""

    company: str
    at: str
    basis: str
    label: str
    value: str


@dataclass(frozen=True)
class Told:
    """A sentence as a reader sees it. `right` None: neither the point of the test."""

    text: str
    right: bool | None
    kind: str
    year: str = ""  # right behind a sentence of this year
    claim: Claim | None = None


@dataclass
class Model:
    """One seeded model; call it with a user's message, as the double of the server does."""

    rng: Random
    told: list[Told] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    listed: Sequence[Listed] = ()

    def __call__(self, message: str) -> Iterator[str]:
        self.prompts.append(message)
        for text in self.write(parse(message)):
            yield from self.pieces(text)

    def pieces(self, text: str) -> Iterator[str]:
        while text:
            size = self.rng.randint(1, 9)
            yield text[:size]
            text = text[size:]

    def write(self, prompt: Prompt) -> Iterator[str]:
        raise NotImplementedError

    def tell(
        self, prompt: Prompt, sentence: str, right: bool | None, kind: str, claim: Claim | None = None
    ) -> str:
        seen = sentence
        for figure in prompt.figures:
            seen = seen.replace(figure.mark, figure.text)
        year = next((str(f.period)[:4] for f in prompt.figures if f.text in seen), "")
        self.told.append(Told(seen, right, kind, year if kind == "no_year" else "", claim))
        return sentence


class Behaved(Model):
    """Figures by placeholder or as listed, in usual wordings; sentences of sources lightly reworded."""

    def write(self, prompt: Prompt) -> Iterator[str]:
        if prompt.again:
            return
        between = self.rng.choice((" ", "\n"))
        for sentence, kind in self.sentences(prompt):
            yield self.tell(prompt, sentence, right=True, kind=kind) + between

    def sentences(self, prompt: Prompt) -> Iterator[tuple[str, str]]:
        self.listed = prompt.figures
        groups: list[list[Listed]] = []
        for figure in prompt.figures:
            last = groups[-1] if groups else None
            if last and (figure.computed or (last[0].label == figure.label and len(last) == 1)):
                last.append(figure)
            else:
                groups.append([figure])
        for group in groups:
            yield from self.figure(group)
            yield from self.again(group)
        for name, plain in prompt.terms[:1]:
            yield f"{topic(name)} {plain}", "용어"
        for n, sentence in self.rng.sample(prose(prompt), k=min(2, len(prose(prompt)))):
            yield self.reworded(n, sentence), "근거"
        retold = [told for n, sentence in prose(prompt) for told in self.retold(n, sentence)]
        if retold:
            yield self.rng.choice(retold)

    def figure(self, group: Sequence[Listed]) -> Iterator[tuple[str, str]]:
        now = group[0]
        then = next((f for f in group[1:] if not f.computed), None)
        rate = next((f for f in group[1:] if f.computed), None)
        value = now.mark if self.rng.random() < 0.8 else now.text
        basis, at = f"{now.basis} 기준 " if now.basis else "", when(now.period)
        lead = [f"{now.company}의 {at} {basis}{topic(now.label)} {value}입니다"]
        if at:
            lead += [
                f"{at} {basis}{topic(now.label)} {value}을 기록했습니다",
                f"{topic(now.label)} {at}에 {basis}{value}이었어요",
                f"{topic(now.company)} {at} {basis}{value}의 {topic(now.label, '을를')} 올렸습니다",
            ]
        if len({f.company for f in self.listed}) > 1:
            lead, at = lead[:1], f"{now.company}의 {at}"
        end = f" [{now.source}]."
        if not then or not then.period or then.period == now.period or now.basis != then.basis:
            yield self.rng.choice(lead) + end, "수치"
            return
        old = f"{when(then.period)}({then.mark})"
        if rate and not now.text.startswith("-") and rate.text.strip("-0.%p"):
            up = not rate.text.startswith("-")
            move = self.rng.choice(("늘었습니다", "증가했습니다") if up else ("줄었습니다", "감소했습니다"))
            since = f"{when(then.period)} {then.mark}"
            whole = [
                f"{self.rng.choice(lead)}{end} {old}보다 {rate.mark} {move}{end}",
                f"{at} {basis}{topic(now.label)} {now.mark}으로, {old}보다 {rate.mark} {move}{end}",
                f"{at} {basis}{topic(now.label)} {since}에서 {now.mark}으로 {move}{end}",
            ]
            if re.fullmatch(r"\d{4}", now.period or ""):
                whole.append(
                    f"{at} {basis}{topic(now.label)} {now.mark}으로 전년 대비 {rate.mark} {move}{end}"
                )
            yield self.rng.choice(whole), "비교"
        else:
            yield f"{self.rng.choice(lead)}{end} {old}와 견줄 수 있습니다{end}", "비교"

    def again(self, group: Sequence[Listed]) -> Iterator[tuple[str, str]]:
        """The figures of a group said in another way, now and then."""
        now, then = group[0], next((f for f in group[1:] if not f.computed), None)
        about = f"{now.company}의 {when(now.period)}"
        basis = f"({now.basis} 기준)" if now.basis else ""
        value, end = worth(now.text), f" [{now.source}]."
        said = []
        shown = (value / 10**12).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if now.text.endswith("원") and shown and abs(shown * 10**12 / value - 1) < _CLOSE:
            said.append((f"{about} {topic(now.label + basis)} 약 {shown}조원입니다{end}", "어림"))
        if then and now.period and then.period and then.period != now.period and now.basis == then.basis:
            of = f"{about} {topic(now.label + basis)}"
            if value != worth(then.text) and (now.label, now.period[4:]) == (then.label, then.period[4:]):
                more = value > worth(then.text)
                than = f"{when(then.period)}({then.mark})보다 {'많습니다' if more else '적습니다'}"
                said.append((f"{of} {now.mark}으로 {than}{end}", "견줌"))
                if value > 0 < worth(then.text):
                    move = "늘었습니다" if more else "줄었습니다"
                    said.append((f"{of} {when(then.period)}보다 {move}{end}", "움직임"))
        if said and self.rng.random() < _OFTEN:
            yield self.rng.choice(said)

    def retold(self, n: int, sentence: str) -> Iterator[tuple[str, str]]:
        """A part of a sentence of a source, and the whole in words that mean the same."""
        parts = re.split(r"(?<=며), ", sentence)
        if len(parts) > 1 and re.search(r"^[^,]+[은는이가을를] ", parts[-1]) and "이 계획" not in parts[-1]:
            yield f"{parts[-1].removesuffix('.')} [{n}].", "부분"
        for old, new in (("까닭은", "이유는"), ("당사는", "회사는"), ("낮은 금액", "더 낮은 금액")):
            if old in sentence:
                yield f"{sentence.removesuffix('.').replace(old, new)} [{n}].", "말바꿈"

    def reworded(self, n: int, sentence: str) -> str:
        bare = sentence.removesuffix(".")
        soft = re.sub(r"했습니다$", "했어요", re.sub(r"었습니다$", "었어요", bare))
        lead = self.rng.choice(("", "공시에 따르면 ", "또한 ", ""))
        return f"{lead}{self.rng.choice((bare, soft))} [{n}]."


class Silent(Model):
    """Blank lines and marks, no sentence."""

    def write(self, prompt: Prompt) -> Iterator[str]:
        yield "\n \n- \n​\n"
