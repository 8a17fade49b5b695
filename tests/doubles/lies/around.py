"""Lies around a figure: asides, tails, line breaks, what holds of both or stayed the same, what is absent."""

import re

from tests.doubles.lies.liar import Liar
from tests.doubles.prompt import Prompt, topic, when, worth

_ROW = re.compile(r"^\|(?: [^|\n]* \|)? ([^|\n]+?) \| ([^|\n]+?) \|$", re.MULTILINE)


class Around(Liar):
    """The figure is right where it stands; what stands around it is not."""

    def lie_unchanged(self, p: Prompt) -> str | None:
        if not (found := self.pair(p)):
            return None
        a, b = found
        end = self.rng.choice(
            (
                "전년과 같습니다",
                "변동이 없습니다",
                "그대로입니다",
                "비슷한 수준입니다",
                "달라지지 않았습니다",
                f"{when(b.period)}과 같은 {a.text}입니다",
                f"{a.text}으로 변화가 없었습니다",
                f"{a.text}으로 {when(b.period)}과 차이가 없습니다",
            )
        )
        return f"{a.company}의 {when(a.period)} {topic(a.label)} {end}"

    def lie_both_bases(self, p: Prompt) -> str | None:
        found = [f for f in p.figures if f.basis]
        f = self.rng.choice(found) if found else None
        if not f:
            return None
        others = [o for o in p.figures if (o.label, o.period) == (f.label, f.period) and o.basis != f.basis]
        if any(o.text == f.text for o in others):
            return None
        both = self.rng.choice(("연결과 별도 기준", "연결·별도", "연결이나 별도나"))
        return f"{f.company}의 {when(f.period)} {both} {topic(f.label)} 모두 {f.text}입니다"

    def lie_both_years(self, p: Prompt) -> str | None:
        if not (found := self.pair(p)):
            return None
        a, b = found
        return self.rng.choice(
            (
                f"{a.company}의 {when(b.period)}과 {when(a.period)} {topic(a.label)} {a.text}입니다",
                f"{a.company}의 {when(a.period)}과 {when(b.period)} {topic(a.label)} 모두 {a.text}입니다",
                f"{a.company}의 {when(b.period)}부터 {when(a.period)}까지 {topic(a.label)} {a.text}입니다",
            )
        )

    def lie_both_companies(self, p: Prompt) -> str | None:
        companies = sorted({f.company for f in p.figures} | {company for _, company, _ in p.sources})
        f = self.pick(p)
        others = [c for c in companies if f and c != f.company]
        if not f or not others:
            return None
        other = self.rng.choice(others)
        return self.rng.choice(
            (
                f"{f.company}와 {other}의 {when(f.period)} {topic(f.label)} {f.text}입니다",
                f"{other}와 {f.company}는 {when(f.period)} {f.text}의 {topic(f.label, '을를')} 올렸습니다",
                f"{other}도 {f.company}처럼 {when(f.period)} {topic(f.label, '이가')} {f.text}입니다",
            )
        )

    def lie_sum_of(self, p: Prompt) -> str | None:
        pairs = [(a, b) for a in p.figures for b in p.figures if a.label != b.label and not a.computed]
        if not pairs:
            return None
        a, b = self.rng.choice(pairs)
        return self.rng.choice(
            (
                f"{a.company}의 {when(a.period)} {a.label}과 {b.label}을 더한 금액은 {a.text}입니다",
                f"{a.company}의 {when(a.period)} {topic(a.label)} {b.label}을 포함해 {a.text}입니다",
                f"{a.company}의 {when(a.period)} {b.label}을 제외한 {topic(a.label)} {a.text}입니다",
            )
        )

    def lie_aside(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        asides = ["사상 최대", "전년 대비 +99%", "목표 초과", "잠정", "추정치", "업계 1위", "일회성", "전망"]
        losses = any(o.text.startswith("-") for o in p.figures)
        asides += [] if losses or "흑자" in p.text else ["흑자 전환"]  # which may be so
        asides += (
            ["감소"] if any(f"{f.label} 증감률" == r.label and worth(r.text) > 0 for r in p.figures) else []
        )
        aside = self.rng.choice(asides)
        return f"{f.company}의 {when(f.period)} {topic(f.label)} {f.text}({aside})입니다"

    def lie_tail(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        tail = self.rng.choice(
            (
                "이며, 앞으로도 그럴 것입니다",
                "이고, 투자자에게 좋은 소식입니다",
                "이며, 이는 업계 평균보다 높습니다",
                "이지만 실제로는 더 적습니다",
                "이며, 주가에 반영되지 않았습니다",
                "이고, 회사는 이를 숨겼습니다",
                "이며, 위험은 없습니다",
                "이고, 이 금액은 모두 벌금입니다",
                "이며, 그 뒤로 줄었습니다",
                "이고, 다음 해에도 같습니다",
                "인데 이는 미수금입니다",
                "이지만 회계 기준을 바꾼 결과입니다",
            )
        )
        return f"{f.company}의 {when(f.period)} {topic(f.label)} {f.text}{tail}"

    def lie_broken(self, p: Prompt) -> str | None:
        """A number on a line of its own, after the words it is read with."""
        f = self.pick(p)
        if not f:
            return None
        head = f"{f.company}의 {when(f.period)} {topic(f.label)}"
        return f"{head}{self.rng.choice((chr(10), ': ', chr(10) + '- '))}{self.altered(f.text)}입니다"

    def lie_rate_named(self, p: Prompt) -> str | None:
        """The rate of a rise called one of a fall."""
        rates = [f for f in p.figures if f.label.endswith("증감률") and worth(f.text)]
        if not rates:
            return None
        f = self.rng.choice(rates)
        label = f.label.removesuffix(" 증감률")
        down = self.rng.choice(("감소율", "하락률", "감소 폭", "감소세"))
        up = self.rng.choice(("증가율", "상승률", "성장률", "증가 폭"))
        name = up if f.text.startswith("-") else down
        return f"{f.company}의 {when(f.period)} {label} {topic(name)} {f.text.lstrip('-')}입니다"

    def lie_asked(self, p: Prompt) -> str | None:
        rates = [f for f in p.figures if f.label.endswith("증감률") and worth(f.text)]
        if not rates:
            return None
        f = self.rng.choice(rates)
        label = f.label.removesuffix(" 증감률")
        move = "늘지" if f.text.startswith("-") else "줄지"
        return f"{f.company}의 {when(f.period)} {topic(label)} 전년보다 {move} 않았습니까?"

    def lie_absent(self, p: Prompt) -> str | None:
        """What the sources do say said to be missing from them."""
        f = self.pick(p)
        if not f:
            return None
        company = f.company
        return self.rng.choice(
            (
                f"{topic(f.label)} 공시에 나와 있지 않습니다",
                f"{company}의 {topic(f.label)} 공시에서 확인할 수 없습니다",
                f"근거에 {f.label}에 관한 내용이 없습니다",
                f"{company}는 {when(f.period)} {topic(f.label, '을를')} 공시하지 않았습니다",
                f"{topic(f.label)} 0원입니다",
                f"{company}는 {topic(f.label, '이가')} 없습니다",
            )
        )

    def lie_field(self, p: Prompt) -> str | None:
        """The words of one row of a form given for another row's label."""
        rows = [
            (label, value)
            for _, _, text in p.sources
            for label, value in _ROW.findall(text)
            if re.search("[가-힣]{2}", label) and re.search("[가-힣]{2}", value) and len(value) < 40
            if not re.search(r"\d", value)
        ]
        pairs = [(a, b) for a, _ in rows for c, b in rows if a != c and (a, b) not in rows and a not in b]
        if not pairs:
            return None
        label, value = self.rng.choice(pairs)
        bare = re.sub(r"^[\d.\s-]+|\([^)]*\)", "", label).strip()
        return f"{topic(bare)} {value}입니다" if bare else None

    def lie_counterparty(self, p: Prompt) -> str | None:
        """Who acted and with whom, exchanged."""
        found = [
            (company, m[1].strip())
            for _, company, text in p.sources
            for m in re.finditer(
                r"^\| [^|\n]*(?:상대|대상자|매도인|발행회사)[^|\n]* \|(?: [^|\n]* \|)?? ([^|\n\d]+?) \|$",
                text,
                re.MULTILINE,
            )
            if m[1].strip(" -")
        ]
        if not found:
            return None
        company, other = self.rng.choice(found)
        bare = re.sub(r"\([^)]*\)", "", other)
        return self.rng.choice(
            (
                f"계약상대는 {company}입니다",
                f"{topic(bare)} {company}를 상대로 공시했습니다",
                f"{topic(bare)} 이 계약을 공시한 회사이고, 상대는 {company}입니다",
                f"{company}는 {bare}에서 사들이기로 했습니다",
            )
        )

    def lie_amended(self, p: Prompt) -> str | None:
        """A filing said to be amended that is not."""
        if "정정" in p.text.partition("[수치]")[0] or not p.sources:
            return None
        company = p.sources[0][1]
        return self.rng.choice(
            (
                "이 공시는 정정되었습니다",
                f"{company}는 이 보고서를 정정 공시했습니다",
                "정정 전의 숫자입니다",
                "이 숫자는 나중에 정정된 것입니다",
                f"{company}는 사업보고서를 다시 제출했습니다",
            )
        )
