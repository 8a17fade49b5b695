"""What every liar does: it picks a figure of its prompt and says it, with something of it changed."""

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.doubles.analyst import Claim, Model
from tests.doubles.prompt import Listed, Prompt, prose, topic, when

COMPANIES = ("가온전자", "누리바이오", "다솜건설", "한빛중공업")
ACCOUNTS = ("매출액", "영업이익", "당기순이익", "부채총계", "자산총계", "매출원가", "단기차입금")
_LIES = 12  # kinds a draft


class Liar(Model):
    """Each `lie_…` makes one kind of wrong sentence, or None where none can be made of the prompt."""

    kinds: tuple[str, ...] = ()  # these alone, if any are named
    said: tuple[str, Claim] | None = None  # the sentence last made of a figure alone, and what it claims

    def write(self, prompt: Prompt) -> Iterator[str]:
        lies = [n for n in dir(self) if n.startswith("lie_") and (not self.kinds or n[4:] in self.kinds)]
        for name in self.rng.sample(lies, k=min(_LIES, len(lies))):
            self.said = None
            made = getattr(self, name)(prompt)
            if made:
                claim = self.said[1] if self.said and self.said[0] == made else None
                cited = self.rng.choice((f" [{self.rng.randint(1, 3)}]", " [1]", " [9]", ""))
                text = f"{made}{cited}." if made[-1] not in "|)\n" else made
                told = self.tell(prompt, text, right=False, kind=name[4:], claim=claim)
                yield told + self.rng.choice((" ", "\n"))

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
        made = " ".join(shape.split())
        shown = f.text if value == f.mark else value
        self.said = (made, Claim(company, at, basis, label, shown))
        return made

    def altered(self, text: str) -> str:
        """Another amount of the same shape: a digit that a reader sees is another."""
        places = [m.start() for m in re.finditer(r"\d", text)]
        at = self.rng.choice(places)
        new = self.rng.choice([d for d in "123456789" if d != text[at]])
        return text[:at] + new + text[at + 1 :]

    def pair(self, p: Prompt) -> tuple[Listed, Listed] | None:
        """A figure and the same of an earlier period, with another value."""
        pairs = [
            (a, b)
            for a, b in pairwise(p.figures)
            if a.label == b.label and a.basis == b.basis and a.text != b.text and not b.computed
            if a.period and b.period and a.period > b.period and a.company == b.company
        ]
        return self.rng.choice(pairs) if pairs else None

    def numbered(self, p: Prompt) -> tuple[int, str] | None:
        found = [(n, s) for n, s in prose(p) if len(re.findall(r"\d[\d,.]*\s?(?:조|억|만)?(?:원|%)", s)) >= 1]
        return self.rng.choice(found) if found else None
