"""Lies about how much: the last digit, rounding, units of a table, bounds, multiples, ranks, spans."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from tests.doubles.lies.liar import ACCOUNTS, Liar
from tests.doubles.prompt import Prompt, topic, when, worth

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TABLE_UNITS = {"원": 1, "천원": 10**3, "백만원": 10**6, "억원": 10**8}
_NEAR = Decimal("0.05")


class Measures(Liar):
    """The figure is there, and is not so much."""

    def lie_last_digit(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        number = list(_NUMBER.finditer(f.text))[-1]
        digits = number[0].replace(",", "")
        step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
        moved = Decimal(digits) + self.rng.choice((-1, 1)) * step
        if moved <= 0:
            return None
        return self.say(f, value=f.text[: number.start()] + f"{moved:,}" + f.text[number.end() :])

    def lie_rounded(self, p: Prompt) -> str | None:
        """To fewer digits, and to the neighbour that is farther."""
        f = self.pick(p)
        if not f:
            return None
        value = abs(worth(f.text))
        unit, of = next(
            (
                (u, s)
                for u, s in (("조원", 10**11), ("억원", 10**8))
                if f.text.endswith("원") and value >= s * 10
            ),
            (f.text.lstrip("-0123456789.,"), 1) if f.text.endswith(("%", "%p")) else ("", 0),
        )
        if not of or value % of == 0:
            return None
        near = (value / of).quantize(Decimal(1), ROUND_HALF_UP)
        floor = (value / of).quantize(Decimal(1), ROUND_FLOOR)
        far = (value / of).quantize(Decimal(1), ROUND_CEILING) if near == floor else floor
        shown = f"{far / 10:.1f}" if unit == "조원" else f"{far:,}"
        return self.say(f, value=("-" if f.text.startswith("-") else "") + shown + unit) if far else None

    def lie_cell_unit(self, p: Prompt) -> str | None:
        """The digits of the cell with the unit of another table."""
        found = [
            (f, m[1])
            for f in p.figures
            if f.text.endswith("원") and not f.computed
            for _, _, text in p.sources
            for m in [re.search(rf"{re.escape(f.label.split()[-1])}[^|\n]*\| \(?([\d,]{{5,}})", text)]
            if m
        ]
        if not found:
            return None
        f, digits = self.rng.choice(found)
        true = abs(worth(f.text))
        size = Decimal(digits.replace(",", ""))
        wrong = [unit for unit, of in _TABLE_UNITS.items() if abs(size * of - true) > true * _NEAR]
        sign = "-" if f.text.startswith("-") else ""
        return self.say(f, value=f"{sign}{digits}{self.rng.choice(wrong)}")

    def lie_points(self, p: Prompt) -> str | None:
        """Percent said to be percentage points, and the other way round."""
        rates = [f for f in p.figures if f.text.endswith(("%", "%p"))]
        if not rates:
            return None
        f = self.rng.choice(rates)
        other = f.text[:-1] if f.text.endswith("p") else f.text + self.rng.choice(("p", "포인트"))
        if f.label.endswith(("증감률", "차이")):
            label = f.label.removesuffix(" 증감률").removesuffix(" 차이")
            move = "줄었습니다" if f.text.startswith("-") else "늘었습니다"
            return f"{f.company}의 {when(f.period)} {topic(label)} 전년보다 {other.lstrip('-')} {move}"
        return self.say(f, value=other)

    def lie_opening(self, p: Prompt) -> str | None:
        """What stood at the end of a period said to have stood at its beginning."""
        found = [f for f in p.figures if f.period and f.period.endswith("말")]
        if not found:
            return None
        f = self.rng.choice(found)
        at = self.rng.choice(("{}년 초", "{}년 기초", "{}년 1월 1일", "전기말", "{}년 시작할 때"))
        return self.say(f, when=at.format(str(f.period)[:4]))

    def lie_bound(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        end = self.rng.choice(
            (
                "미만입니다",
                "초과입니다",
                "이하에 머물렀습니다",
                "이상을 남겼습니다",
                "에 못 미칩니다",
                "에 이르지 못했습니다",
                "을 밑돌았습니다",
                "을 훨씬 넘습니다",
                "을 넘어섰습니다",
                "까지 낼 수 있습니다",
                "보다 높습니다",
                "보다 낮습니다",
                "보다 적습니다",
                "의 두 배입니다",
                "도 안 됩니다",
            )
        )
        return f"{f.company}의 {when(f.period)} {topic(f.label)} {f.text}{end}"

    def lie_times(self, p: Prompt) -> str | None:
        """How many times the earlier figure the later one is."""
        if not (found := self.pair(p)):
            return None
        a, b = found
        now, then = worth(a.text), worth(b.text)
        if now <= 0 or then <= 0:
            return None
        wrong = f"{float(now / then) * self.rng.uniform(1.3, 4):.1f}배"
        begun = f"{a.company}의 {when(a.period)} {topic(a.label)}"
        return self.rng.choice(
            (
                f"{begun} {when(b.period)}의 {wrong}입니다",
                f"{begun} {a.mark}으로 {when(b.period)}보다 {wrong} 늘었습니다",
                f"{topic(a.label)} 전년의 {wrong}에 이릅니다",
            )
        )

    def lie_rank(self, p: Prompt) -> str | None:
        """The greater of two figures said to be the smaller."""
        pairs = [
            (a, b)
            for a in p.figures
            for b in p.figures
            if (a.label, a.basis) == (b.label, b.basis) and not a.computed and worth(a.text) > worth(b.text)
        ]
        if not pairs:
            return None
        high, low = self.rng.choice(pairs)
        one, other, end = self.rng.choice(
            (
                (
                    high,
                    low,
                    self.rng.choice(("보다 낮습니다", "보다 적습니다", "에 못 미칩니다", "에 뒤집니다")),
                ),
                (
                    low,
                    high,
                    self.rng.choice(("보다 높습니다", "보다 많습니다", "을 웃돕니다", "에 앞섭니다")),
                ),
            )
        )
        second = (
            f"{other.company}({other.mark})"
            if one.company != other.company
            else f"{when(other.period)}({other.mark})"
        )
        return f"{one.company}의 {when(one.period)} {topic(one.label)} {one.mark}으로 {second}{end}"

    def lie_rival(self, p: Prompt) -> str | None:
        """The figure of one company of the evidence told of another of it."""
        companies = {f.company for f in p.figures} | {company for _, company, _ in p.sources}
        f = self.pick(p)
        if not f or len(companies) < 2:
            return None
        other = self.rng.choice(sorted(companies - {f.company}))
        value = self.rng.choice((f.text, f.mark))
        if self.rng.random() < 0.5:
            return self.say(f, company=other, value=value)
        return f"{self.say(f)} [{f.source}]. {other}의 {topic(f.label, '이가')} 그만큼인 {value}입니다"

    def lie_half(self, p: Prompt) -> str | None:
        """A year's figure told as one of a part of it."""
        found = [f for f in p.figures if f.period and re.fullmatch(r"\d{4}", f.period)]
        if not found:
            return None
        f = self.rng.choice(found)
        part = self.rng.choice(("상반기", "하반기", "4분기", "1분기", "3분기 누적", "10월", "12월 한 달"))
        return self.say(f, when=f"{f.period}년 {part}", value=self.rng.choice((f.text, f.mark)))

    def lie_several_years(self, p: Prompt) -> str | None:
        f = self.pick(p)
        span = self.rng.choice(("최근 3년 평균", "2년 합산", "최근 5년간", "지난 3년 동안", "2개년 누계"))
        return f"{f.company}의 {span} {topic(f.label)} {f.text}입니다" if f else None

    def lie_of_which(self, p: Prompt) -> str | None:
        """One account said to be a part of another."""
        f = self.pick(p)
        if not f or not f.text.endswith("원"):
            return None
        other = self.rng.choice([a for a in ACCOUNTS if a not in f.label and f.label not in a])
        return self.rng.choice(
            (
                f"{f.company}의 {when(f.period)} {other} 가운데 {f.text}이 {f.label}입니다",
                f"{f.company}의 {when(f.period)} {topic(f.label)} {f.text}으로 모두 {other}에서 나왔습니다",
                f"{f.company}의 {when(f.period)} {topic(f.label)} {other}을 뺀 {f.text}입니다",
            )
        )

    def lie_term(self, p: Prompt) -> str | None:
        """The number of one business year given to another."""
        terms = sorted(set(re.findall(r"제\s?(\d{2})\s?기", p.text)))
        f = self.pick(p)
        if not f or not f.period or f.computed or len(terms) < 2:
            return None
        # Reports list the newest year first: it has the greatest number.
        years = sorted({int(str(o.period)[:4]) for o in p.figures if o.period})
        newest = max(2024, *years)
        own = int(terms[-1]) - (newest - int(f.period[:4]))
        wrong = [t for t in terms if abs(int(t) - own) > 1] or [t for t in terms if int(t) < own]
        if not wrong:
            return None
        return f"{f.company}의 제{self.rng.choice(wrong)}기({f.period[:4]}년) {topic(f.label)} {f.text}입니다"
