"""Lies in the words of a source, changed, and in words of no source."""

import re

from tests.doubles.lies.liar import Liar
from tests.doubles.prompt import Prompt, prose, topic

_DAY = re.compile(r"(20\d{2})\s?[-년.]\s?(\d{1,2})\s?[-월.]\s?(\d{1,2})(?:일)?")


class Words(Liar):
    """Nothing of it stands in a filing so."""

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
