"""Lies in how a number is written: in words, signs that nobody sees, tables, links, placeholders."""

from tests.doubles.lies.liar import Liar
from tests.doubles.prompt import Prompt, topic, when


class Written(Liar):
    """A number that reads as another."""

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

    def lie_english(self, p: Prompt) -> str | None:
        f = self.pick(p)
        return f"{f.company} operating profit was {self.rng.randint(2, 9)} trillion won" if f else None
