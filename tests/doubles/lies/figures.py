"""Lies about a figure: its digits, its period, basis, account, company, unit, sign."""

import re

from tests.doubles.lies.liar import ACCOUNTS, COMPANIES, Liar
from tests.doubles.prompt import Prompt, topic, when

_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")


class Figures(Liar):
    """What is said of one number is so of another."""

    def lie_digit(self, p: Prompt) -> str | None:
        f = self.pick(p)
        return self.say(f, value=self.altered(f.text)) if f else None

    def lie_decimal(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f or not (found := _AMOUNT.search(f.text)) or not found[0].strip("0.,"):
            return None
        digits = found[0].replace(",", "")
        moved = digits.replace(".", "") + "0" if self.rng.random() < 0.5 else f"0.{digits.replace('.', '')}"
        return self.say(f, value=f.text.replace(found[0], moved))

    def lie_year(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f or not f.period:
            return None
        year = str(int(f.period[:4]) + self.rng.choice((-2, -1, 1)))
        value = self.rng.choice((f.text, f.mark))
        return self.say(f, when=when(year + f.period[4:]), value=value)

    def lie_span(self, p: Prompt) -> str | None:
        """The nine months said to be the year, three months to be nine."""
        f = self.pick(p)
        if not f or not f.period or "." not in f.period:
            return None
        year, rest = f.period.split(".")
        month = rest[:2]
        other = {"누적": f"{year}.{month} 3개월", "3개월": f"{year}.{month} 누적", "말": year}[rest[3:]]
        if rest[3:] == "말" and month == "12":
            other = f"{year}.09 말"
        return None if month == "03" else self.say(f, when=when(other))

    def lie_no_year(self, p: Prompt) -> str | None:
        """The earlier figure without its year: read as the one asked for."""
        if len(p.figures) < 2 or p.figures[1].computed or p.figures[1].text == p.figures[0].text:
            return None
        first, f = p.figures[:2]
        if first.label != f.label or not f.period or first.period == f.period:
            return None
        return f"{topic(f.label)} {self.rng.choice((f.text, f.mark))}입니다"

    def lie_basis(self, p: Prompt) -> str | None:
        f = self.pick(p)
        other = "별도" if f and f.basis == "연결" else "연결"
        return self.say(f, basis=other, value=self.rng.choice((f.text, f.mark))) if f else None

    def lie_account(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        labels = [a for a in ACCOUNTS if a not in f.label and f.label not in a]
        labels += [
            o.label
            for o in p.figures
            if o.label.split()[-1] != f.label.split()[-1] and not o.computed and not f.computed
        ]
        return self.say(f, label=self.rng.choice(labels), value=self.rng.choice((f.text, f.mark)))

    def lie_company(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        return self.say(f, company=self.rng.choice([c for c in COMPANIES if c != f.company]))

    def lie_part(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f or "부문" in f.label or f.computed:
            return None
        return self.say(f, label=f"{self.rng.choice(('반도체', '가전', '해외'))} 부문 {f.label}")

    def lie_modifier(self, p: Prompt) -> str | None:
        f = self.pick(p)
        return (
            self.say(f, label=f"{self.rng.choice(('목표', '예상', '잠정', '비지배지분'))} {f.label}")
            if f
            else None
        )

    def lie_unit(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        if f.text.endswith("원"):
            value = self.rng.choice(
                (f.text[:-1] + "달러", f.text[:-1] + "주", f.text[:-1].rstrip("조억만") + "%")
            )
        else:
            value = _AMOUNT.search(f.text)[0] + self.rng.choice(("억원", "조원", "배"))  # type: ignore[index]
        return self.say(f, value=value)

    def lie_scale(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f or not re.search(r"[조억만]", f.text):
            return None
        at = re.search(r"[조억만]", f.text)
        assert at
        new = self.rng.choice([s for s in "조억만" if s != at[0]])
        return self.say(f, value=f.text[: at.start()] + new + "원")

    def lie_sign(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f or f.computed or f.text.startswith("0"):
            return None
        return self.say(f, value=f.text[1:] if f.text.startswith("-") else f"-{f.text}")

    def lie_direction(self, p: Prompt) -> str | None:
        rates = [f for f in p.figures if f.label.endswith(("증감률", "차이")) and f.text.strip("-0.%p")]
        if not rates:
            return None
        f = self.rng.choice(rates)
        wrong = "늘었습니다" if f.text.startswith("-") else "줄었습니다"
        label = f.label.removesuffix(" 증감률").removesuffix(" 차이")
        value = self.rng.choice((f.text.lstrip("-"), f.mark))
        return self.rng.choice(
            (f"{when(f.period)} {topic(label)} {value} {wrong}", f"{topic(label)} 전년보다 {wrong}")
        )

    def lie_turn(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f or len(p.figures) < 2 or not f.period:
            return None
        one, two = p.figures[:2]
        turned = one.text.startswith("-") != two.text.startswith("-")
        if turned:
            return (
                f"{topic(one.label)} 적자로 돌아섰습니다"
                if two.text.startswith("-")
                else f"{topic(one.label)} 흑자로 돌아섰습니다"
            )
        turns = [t for t in ("흑자로 전환했습니다", "적자로 돌아섰습니다") if t[:2] not in p.text]
        if not turns:
            return None
        turn = self.rng.choice(turns)  # one that no source tells
        return f"{when(one.period)} {topic(one.label)} {turn}"

    def lie_respectively(self, p: Prompt) -> str | None:
        if len(p.figures) < 2 or p.figures[1].computed or p.figures[0].text == p.figures[1].text:
            return None
        a, b = p.figures[:2]
        if not a.period or not b.period or a.label != b.label or a.period == b.period:
            return None
        return f"{when(a.period)}과 {when(b.period)} {topic(a.label)} 각각 {b.text}과 {a.text}입니다"

    def lie_swapped(self, p: Prompt) -> str | None:
        if len(p.figures) < 2 or p.figures[1].computed or p.figures[0].text == p.figures[1].text:
            return None
        a, b = p.figures[:2]
        if not a.period or not b.period or a.label != b.label or a.period == b.period:
            return None
        return (
            f"{when(a.period)} {topic(a.label)} {b.mark}으로, {when(b.period)}({a.mark})과 견줄 수 있습니다"
        )

    def lie_invented(self, p: Prompt) -> str | None:
        f = self.pick(p)
        label = f.label if f else self.rng.choice(ACCOUNTS)
        company = f.company if f else (p.sources[0][1] if p.sources else "가온전자")
        amount = f"{self.rng.randint(2, 99)}조 {self.rng.randint(1001, 9999):,}억원"
        return f"{company}의 2024년 연결 기준 {topic(label)} {amount}입니다"
