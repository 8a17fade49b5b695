"""Lies beside a true number: what is true in part."""

import re

from tests.doubles.lies.liar import ACCOUNTS, Liar
from tests.doubles.prompt import Prompt, topic, when


class Partly(Liar):
    """A right number, and something more that is wrong."""

    def lie_trap(self, p: Prompt) -> str | None:
        """After a right sentence on the earlier period, the later figure without its own."""
        if not (found := self.pair(p)):
            return None
        a, b = found
        based = f"{b.basis} 기준 " if b.basis else ""
        first = f"{b.company}의 {when(b.period)} {based}{topic(b.label)} {b.text}입니다 [{b.source}]."
        return f"{first} {topic(a.label)} {a.text}이라는 기록입니다"

    def lie_compound(self, p: Prompt) -> str | None:
        if not (f := self.pick(p)) or not f.period:
            return None
        other = self.rng.choice([a for a in ACCOUNTS if a not in f.label])
        return f"{self.say(f)[:-3]}이며, {topic(other)} {self.altered(f.text)}입니다"

    def lie_base(self, p: Prompt) -> str | None:
        """The rate of one year's change given for another's."""
        rates = [f for f in p.figures if f.computed and f.label.endswith(("증감률", "차이")) and f.period]
        if not rates:
            return None
        f = self.rng.choice(rates)
        label = f.label.removesuffix(" 증감률").removesuffix(" 차이")
        year = int(str(f.period)[:4]) - self.rng.choice((2, 3))
        move = "줄었습니다" if f.text.startswith("-") else "늘었습니다"
        return f"{f.company}의 {topic(label)} {year}년보다 {f.text.lstrip('-')} {move}"

    def lie_other_rate(self, p: Prompt) -> str | None:
        rates = [f for f in p.figures if f.computed and f.label.endswith("증감률")]
        if not rates:
            return None
        f = self.rng.choice(rates)
        other = self.rng.choice([a for a in ACCOUNTS if a not in f.label])
        move = "줄었습니다" if f.text.startswith("-") else "늘었습니다"
        return f"{f.company}의 {topic(other)} 전년보다 {f.mark} {move}"

    def lie_bracket(self, p: Prompt) -> str | None:
        if not (found := self.pair(p)):
            return None
        a, b = found
        return f"{a.company}의 {when(a.period)} {topic(a.label)} {a.mark}({when(b.period)} {a.mark})입니다"

    def lie_lay(self, p: Prompt) -> str | None:
        f = self.pick(p)
        words = [
            w for w in ("빚", "물건 판 돈", "세금", "월급") if w != "빚" or (f and "부채" not in f.label)
        ]
        words = [w for w in words if w != "물건 판 돈" or (f and "매출" not in f.label)]
        return f"{f.company}의 {when(f.period)} {topic(self.rng.choice(words))} {f.text}입니다" if f else None

    def lie_relative(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f or not f.period or not re.fullmatch(r"20(?:22|23|24)", f.period):
            return None
        word = {"2022": "작년", "2023": "올해", "2024": "재작년"}[f.period]
        return f"{f.company}의 {word} {topic(f.label)} {f.mark}입니다"

    def lie_quarter(self, p: Prompt) -> str | None:
        found = [f for f in p.figures if f.period and f.period.endswith(".09 누적")]
        f = self.rng.choice(found) if found else None
        return f"{f.company}의 {str(f.period)[:4]}년 3분기 {topic(f.label)} {f.mark}입니다" if f else None

    def lie_each(self, p: Prompt) -> str | None:
        f = self.pick(p)
        return (
            self.say(f, value=f"{self.rng.choice(('하루 평균', '한 달에', '1인당', '분기마다'))} {f.text}")
            if f
            else None
        )

    def lie_record(self, p: Prompt) -> str | None:
        f = self.pick(p)
        return (
            f"{self.say(f)[:-3]}으로 "
            f"{self.rng.choice(('사상 최대', '업계 1위', '시장 예상치를 웃도는 수준'))}입니다"
            if f
            else None
        )

    def lie_cause(self, p: Prompt) -> str | None:
        f = self.pick(p)
        cause = self.rng.choice(("화재", "환불 사태", "정부 보조금", "파업", "회계 부정"))
        return self.say(f, label=f"{cause} 때문에 바뀐 {f.label}") if f else None
