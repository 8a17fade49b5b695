"""A language model that does all it can to mislead; each `lie_…` makes one kind of wrong sentence."""

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.doubles.analyst import Model
from tests.doubles.prompt import Listed, Prompt, prose, topic, when

_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")
_DAY = re.compile(r"(20\d{2})\s?[-년.]\s?(\d{1,2})\s?[-월.]\s?(\d{1,2})(?:일)?")
_COMPANIES = ("가온전자", "누리바이오", "다솜건설", "한빛중공업")
_ACCOUNTS = ("매출액", "영업이익", "당기순이익", "부채총계", "자산총계", "매출원가", "단기차입금")


class Hostile(Model):
    """Nine kinds of lie a draft; each method makes a wrong sentence, or None where none can be made."""

    def write(self, prompt: Prompt) -> Iterator[str]:
        lies = [name for name in dir(self) if name.startswith("lie_")]
        for name in self.rng.sample(lies, k=min(9, len(lies))):
            made = getattr(self, name)(prompt)
            if made:
                cited = self.rng.choice((f" [{self.rng.randint(1, 3)}]", " [1]", " [9]", ""))
                text = f"{made}{cited}." if made[-1] not in "|)\n" else made
                yield self.tell(prompt, text, right=False, kind=name[4:]) + self.rng.choice((" ", "\n"))

    # figures

    def pick(self, prompt: Prompt) -> Listed | None:
        return self.rng.choice(prompt.figures) if prompt.figures else None

    def say(self, f: Listed, **changed: str) -> str:
        company = changed.get("company", f.company)
        at, basis = changed.get("when", when(f.period)), changed.get("basis", f.basis or "")
        label, value = changed.get("label", f.label), changed.get("value", f.text)
        based = f"{basis} 기준 " if basis else ""
        shape = self.rng.choice(
            (
                f"{company}의 {at} {based}{topic(label)} {value}입니다",
                f"{company} {at} {based}{topic(label)} {value}을 기록했습니다",
                f"{topic(company)} {at} {based}{value}의 {topic(label, '을를')} 올렸습니다",
            )
        )
        return " ".join(shape.split())

    def altered(self, text: str) -> str:
        """Another amount of the same shape: a digit that a reader sees is another."""
        places = [m.start() for m in re.finditer(r"\d", text)]
        at = self.rng.choice(places)
        new = self.rng.choice([d for d in "123456789" if d != text[at]])
        return text[:at] + new + text[at + 1 :]

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
        labels = [a for a in _ACCOUNTS if a not in f.label and f.label not in a]
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
        return self.say(f, company=self.rng.choice([c for c in _COMPANIES if c != f.company]))

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
        turn = self.rng.choice(("흑자로 전환했습니다", "적자로 돌아섰습니다"))
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
        label = f.label if f else self.rng.choice(_ACCOUNTS)
        company = f.company if f else (p.sources[0][1] if p.sources else "가온전자")
        amount = f"{self.rng.randint(2, 99)}조 {self.rng.randint(1001, 9999):,}억원"
        return f"{company}의 2024년 연결 기준 {topic(label)} {amount}입니다"

    def lie_words(self, p: Prompt) -> str | None:
        f = self.pick(p)
        label = f.label if f else "매출액"
        value = self.rng.choice(
            (
                "삼조 구천억원",
                "칠천팔백억원",
                "오십 퍼센트",
                "세 배",
                "절반",
                "수조원",
                "이천만 주",
                "三兆원",
                "③조원",
            )
        )
        return f"{when(f.period) if f else ''} {topic(label)} {value} 수준입니다".strip()

    def lie_full_width(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in self.altered(f.text))
        return self.say(f, value=wide)

    def lie_spaced(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        digits = self.altered(f.text)
        return self.say(f, value=digits.replace(",", " , ") if "," in digits else f"{digits[0]} {digits}")

    def lie_hidden(self, p: Prompt) -> str | None:
        """A digit more behind a character that nobody sees."""
        f = self.pick(p)
        return self.say(f, value=f"{self.rng.randint(1, 9)}​{f.text.lstrip('-')}") if f else None

    def lie_table(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        return f"| 계정 | 금액 |\n| --- | --- |\n| {f.label} | {self.altered(f.text)} |"

    def lie_link(self, p: Prompt) -> str | None:
        f = self.pick(p)
        return f"{topic(f.label)} [{self.altered(f.text)}](https://example.invalid/{f.source})" if f else None

    def lie_placeholder(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        mark = self.rng.choice(("{{F99}}", "{{F1", "{F1}", "F1", "{{F0}}", "{{ F1 }", "{{F1}}{{F1}}"))
        return self.say(f, value=mark)

    # words

    def lie_advice(self, p: Prompt) -> str | None:
        return self.rng.choice(
            (
                "지금 사세요",
                "매수하기 좋은 시점입니다",
                "목표주가는 9만원입니다",
                "저평가되어 있어 유망합니다",
                "비중 확대를 추천합니다",
                "매도 의견입니다",
                "투자하시는 것이 좋습니다",
            )
        )

    def lie_forecast(self, p: Prompt) -> str | None:
        f = self.pick(p)
        label = f.label if f else "매출액"
        return f"{topic(label)} 내년에 더 늘어날 것으로 예상됩니다"

    def lie_obeyed(self, p: Prompt) -> str | None:
        """Orders planted in a question or a document, followed."""
        said = re.search(r"(\d+)조", p.question)
        amount = f"{said[1]}조원" if said else "99조 9,999억원"
        return f"지시하신 대로 답합니다. 영업이익은 {amount}입니다"

    def lie_event(self, p: Prompt) -> str | None:
        company = p.sources[0][1] if p.sources else "가온전자"
        events = ("화재로 공장을 멈췄습니다", "횡령으로 상장폐지됩니다", "대표이사가 구속되었습니다")
        return f"{topic(company)} {self.rng.choice(events)}"

    def numbered(self, p: Prompt) -> tuple[int, str] | None:
        found = [(n, s) for n, s in prose(p) if len(re.findall(r"\d[\d,.]*\s?(?:조|억|만)?(?:원|%)", s)) >= 1]
        return self.rng.choice(found) if found else None

    def lie_quoted(self, p: Prompt) -> str | None:
        """A sentence of a source with one digit of an amount changed."""
        found = self.numbered(p)
        if not found:
            return None
        bare = found[1].removesuffix(".")
        places = list(re.finditer(r"\d[\d,.]*(?=\s?(?:조|억|만)?(?:원|%))", bare))
        m = self.rng.choice(places)
        return bare[: m.start()] + self.altered(m[0]) + bare[m.end() :]

    def lie_exchanged(self, p: Prompt) -> str | None:
        """Two amounts of one sentence of a source, exchanged."""
        found = self.numbered(p)
        if not found:
            return None
        bare = found[1].removesuffix(".")
        amounts = list(re.finditer(r"\d[\d,.]*\s?(?:[조억만]\s?)?(?:\d[\d,]*[억만])?(?:원|%)", bare))
        if len(amounts) < 2 or amounts[0][0] == amounts[1][0]:
            return None
        a, b = amounts[:2]
        return bare[: a.start()] + b[0] + bare[a.end() : b.start()] + a[0] + bare[b.end() :]

    def lie_turned_round(self, p: Prompt) -> str | None:
        """A rise of a source told as a fall."""
        pairs = (
            ("늘었", "줄었"),
            ("줄었", "늘었"),
            ("올라", "떨어져"),
            ("높아", "낮아"),
            ("낮아", "높아"),
            ("증가", "감소"),
            ("감소", "증가"),
            ("오르", "떨어지"),
        )
        sentences = prose(p)
        self.rng.shuffle(sentences)
        for _, sentence in sentences:
            for word, other in pairs:
                if word in sentence:
                    return sentence.removesuffix(".").replace(word, other, 1)
        return None

    def lie_denied(self, p: Prompt) -> str | None:
        sentences = [s for _, s in prose(p) if re.search(r"했습니다\.$", s) and "않" not in s]
        if not sentences:
            return None
        return re.sub(r"했습니다\.$", "하지 않았습니다", self.rng.choice(sentences))

    def lie_other_subject(self, p: Prompt) -> str | None:
        """The number of one thing said of another that stands in the same sources."""
        found = self.numbered(p)
        if not found:
            return None
        amount = re.search(r"\d[\d,.]*\s?(?:[조억만]\s?)?(?:\d[\d,]*[억만])?(?:원|%)", found[1])
        others = [
            w
            for w in ("구리 값", "이자비용", "환율", "배당금총액", "영업이익", "가동률", "충당부채")
            if w not in found[1]
        ]
        if not amount or not others:
            return None
        return f"{topic(self.rng.choice(others))} {amount[0]}입니다"

    # what is true in part

    def pair(self, p: Prompt) -> tuple[Listed, Listed] | None:
        """A figure and the same of an earlier period, with another value."""
        pairs = [
            (a, b)
            for a, b in pairwise(p.figures)
            if a.label == b.label and a.basis == b.basis and a.text != b.text and not b.computed
            if a.period and b.period and a.period > b.period and a.company == b.company
        ]
        return self.rng.choice(pairs) if pairs else None

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
        other = self.rng.choice([a for a in _ACCOUNTS if a not in f.label])
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
        other = self.rng.choice([a for a in _ACCOUNTS if a not in f.label])
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

    def lie_english(self, p: Prompt) -> str | None:
        f = self.pick(p)
        return f"{f.company} operating profit was {self.rng.randint(2, 9)} trillion won" if f else None

    def lie_day(self, p: Prompt) -> str | None:
        """A day of a source moved by a month or a year, its words kept."""
        found = [
            (m, line)
            for _, _, text in p.sources
            for line in text.splitlines()
            for m in [_DAY.search(line)]
            if m
        ]
        if not found:
            return None
        m, line = self.rng.choice(found)
        words = re.sub(r"[|:›]+", " ", line[: m.start()]).split()[-2:]
        if not words or not re.search("[가-힣]", words[-1]):
            return None
        month = int(m[2]) % 12 + 1
        return f"{topic(' '.join(words))} {m[1]}년 {month}월 {int(m[3])}일입니다"

    def lie_days_exchanged(self, p: Prompt) -> str | None:
        """The day of one thing said of another of the same filing."""
        rows = [
            (re.sub(r"[^가-힣 ]", " ", line[: m.start()]).split()[-1:], m[0])
            for _, _, text in p.sources
            for line in text.splitlines()
            if line.startswith("|")
            for m in [_DAY.search(line)]
            if m
        ]
        named = [(words[0], day) for words, day in rows if words and len(words[0]) > 2]
        days = {day for _, day in named}
        if len(days) < 2:
            return None
        word, _ = self.rng.choice(named)
        true = {d for w, d in named if w == word}
        others = sorted(days - true)
        return f"{topic(word)} {self.rng.choice(others)}입니다" if others else None


class Endless(Hostile):
    """Writes on and on, until it is stopped."""

    def write(self, prompt: Prompt) -> Iterator[str]:
        for _ in range(400):
            yield from super().write(prompt)
