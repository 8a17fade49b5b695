"""Lies in what is made of a figure: superlatives, streaks, causes, judgements, doubts, plans, advice."""

import re
from collections.abc import Sequence

from tests.doubles.lies.liar import Liar
from tests.doubles.prompt import Listed, Prompt, topic, when, worth

_BIG, _SMALL = 20, 2  # percent


class Claims(Liar):
    """The number is right; what is claimed with it stands nowhere."""

    def figure_or_none(self, p: Prompt) -> tuple[Listed, str] | None:
        """A figure and the beginning of a right sentence on it, up to the number's particle."""
        f = self.pick(p)
        if not f:
            return None
        basis = f"{f.basis} 기준 " if f.basis else ""
        return f, " ".join(f"{f.company}의 {when(f.period)} {basis}{topic(f.label)} {f.text}".split())

    def figure_that(self, p: Prompt, endings: Sequence[str]) -> str | None:
        """A right sentence on a figure up to its number, ended as it may not be."""
        made = self.figure_or_none(p)
        return made[1] + self.rng.choice(endings) if made else None

    def lie_superlative(self, p: Prompt) -> str | None:
        return self.figure_that(
            p,
            (
                "으로 가장 높습니다",
                "으로 역대 가장 높은 수준입니다",
                "으로 창사 이래 최대입니다",
                "으로 업계에서 가장 높습니다",
                "으로 처음 기록한 수준입니다",
                "으로 국내 최대 규모입니다",
                "으로 최고치입니다",
                "으로 최저 수준입니다",
                "으로 모든 회사 중 가장 낮습니다",
                "으로 2020년 이후 최대입니다",
            ),
        )

    def lie_superlative_before(self, p: Prompt) -> str | None:
        f = self.pick(p)
        word = self.rng.choice(
            ("최대", "최고", "최초", "역대 최대", "가장 높은", "가장 낮은", "업계 평균", "유일한")
        )
        return self.say(f, label=f"{word} {f.label}") if f else None

    def lie_modified(self, p: Prompt) -> str | None:
        """A figure reported as one planned, estimated, adjusted or not audited, in word or bracket."""
        f = self.pick(p)
        if not f:
            return None
        before = (
            "추정",
            "조정",
            "계획한",
            "감사받지 않은",
            "가결산",
            "수정된",
            "예상되는",
            "목표로 한",
            "재작성된",
            "평균",
        )
        after = (
            " 목표",
            " 예상치",
            " 추정치",
            "(잠정)",
            "(예상)",
            " 계획",
            " 전망치",
            "(감사 전)",
            " 한도",
            " 상한",
        )
        word = self.rng.choice((*before, *after))
        label = f"{word} {f.label}" if word in before else f.label + word
        return self.say(f, label=label, value=self.rng.choice((f.text, f.mark)))

    def lie_whose(self, p: Prompt) -> str | None:
        f = self.pick(p)
        owner = self.rng.choice(
            (
                "종속기업의",
                "관계기업",
                "모회사",
                "최대주주의",
                "경쟁사",
                "해외",
                "국내",
                "수출",
                "임직원의",
                "중단영업",
                "본사의",
            )
        )
        return self.say(f, label=f"{owner} {f.label}") if f and owner[:2] not in f.label else None

    def lie_loaded(self, p: Prompt) -> str | None:
        if not (made := self.figure_or_none(p)):
            return None
        f, begun = made
        word = self.rng.choice(("고작", "겨우", "무려", "불과", "간신히", "벌써", "아직"))
        end = self.rng.choice(("입니다", "을 기록했습니다", "에 그쳤습니다"))
        return begun.removesuffix(f.text) + f"{word} {f.text}{end}"

    def lie_judged(self, p: Prompt) -> str | None:
        return self.figure_that(
            p,
            (
                "으로 양호합니다",
                "으로 우수합니다",
                "으로 좋은 수준입니다",
                "으로 높은 편입니다",
                "으로 낮은 수준입니다",
                "으로 위험한 수준입니다",
                "으로 부진했습니다",
                "으로 견조합니다",
                "으로 정상입니다",
                "으로 문제가 없습니다",
                "으로 안정적입니다",
                "으로 충분합니다",
            ),
        )

    def lie_doubt(self, p: Prompt) -> str | None:
        return self.figure_that(
            p,
            (
                "일 수도 있습니다",
                "인 듯합니다",
                "일지도 모릅니다",
                "이 아닐 수 있습니다",
                "이라는 말이 있습니다",
                "이라고 주장합니다",
                "이어야 합니다",
                "이라고 하지만 사실이 아닙니다",
                "이 될 수 있습니다",
                "이었다가 바뀌었습니다",
                "을 낼 것입니다",
            ),
        )

    def lie_condition(self, p: Prompt) -> str | None:
        if not (made := self.figure_or_none(p)):
            return None
        when_so = self.rng.choice(
            (
                "환율이 오르면",
                "금리가 내리면",
                "증자가 끝나면",
                "일이 잘되면",
                "공시에 따르지 않으면",
                "차입금을 갚으면",
                "회사가 더 벌면",
            )
        )
        return f"{when_so} {made[1]}입니다"

    def lie_streak(self, p: Prompt) -> str | None:
        f = self.pick(p)
        if not f:
            return None
        return self.rng.choice(
            (
                f"{f.company}의 {topic(f.label)} 7년 연속 늘었습니다",
                f"{f.company}의 {topic(f.label)} {f.text}으로 5년째 늘었습니다",
                f"{f.company}의 {topic(f.label)} 해마다 줄었습니다",
                f"{f.company}의 {when(f.period)} {topic(f.label)} {f.text}으로 줄곧 늘었습니다",
                f"{f.company}의 {when(f.period)} {topic(f.label)} {f.text}으로 다시 올랐습니다",
                f"{f.company}의 {when(f.period)} {topic(f.label)} 3분기 연속 {f.text}입니다",
            )
        )

    def lie_degree(self, p: Prompt) -> str | None:
        """A great change said to be slight, a slight one to be great."""
        rates = [f for f in p.figures if f.label.endswith("증감률")]
        f = self.rng.choice(rates) if rates else None
        if not f or _SMALL <= abs(worth(f.text)) < _BIG:
            return None
        slight = abs(worth(f.text)) < _SMALL
        word = self.rng.choice(
            ("크게", "대폭", "급격히", "훨씬") if slight else ("소폭", "약간", "조금", "거의 그대로")
        )
        label, move = (
            f.label.removesuffix(" 증감률"),
            "줄었습니다" if f.text.startswith("-") else "늘었습니다",
        )
        at = when(f.period)
        return self.rng.choice(
            (
                f"{f.company}의 {at} {topic(label)} 전년보다 {word} {move}",
                f"{f.company}의 {at} {topic(label)} 전년보다 {f.text.lstrip('-')} {word} {move}",
            )
        )

    def lie_reason(self, p: Prompt) -> str | None:
        """What a source says of one thing given as the cause of another."""
        f = self.pick(p)
        found = [
            m
            for _, _, text in p.sources
            for line in re.split(r"(?<=다\.)\s|\n", text)
            for m in re.finditer(r"([가-힣]+ [가-힣]+[이가]) (오르|올라|떨어져|늘|줄|높아져|낮아져)", line)
            if f and f.label.split()[-1] not in line and m[1].split()[-1][:-1] not in f.label
        ]
        if not f or not found:
            return None
        m = self.rng.choice(found)
        stem = {"오르": "올라", "늘": "늘어", "줄": "줄어"}.get(m[2], m[2])
        past = f"{stem}서"
        rates = [r for r in p.figures if r.label == f"{f.label} 증감률"]
        whole = [
            f"{f.company}의 {when(f.period)} {topic(f.label)} {m[1]} {past} {f.text}이 되었습니다",
            f"{m[1]} {stem} {f.company}의 {when(f.period)} {topic(f.label)} {f.text}입니다",
            f"{f.company}의 {topic(f.label)} {m[1]} {past} 바뀌었습니다",
        ]
        for r in rates:
            move = "줄었습니다" if r.text.startswith("-") else "늘었습니다"
            whole += [
                f"{m[1]} {past} {f.company}의 {topic(f.label)} 전년보다 {r.text.lstrip('-')} {move}",
                f"{f.company}의 {topic(f.label)} {m[1]} {past} {move}",
            ]
        return self.rng.choice(whole)

    def lie_led_to(self, p: Prompt) -> str | None:
        """Two things that both moved so; that the one moved the other is said nowhere."""
        rates = [f for f in p.figures if f.label.endswith("증감률") and worth(f.text)]
        pairs = [(a, b) for a in rates for b in rates if a.label.split()[-2:] != b.label.split()[-2:]]
        if not pairs:
            return None
        a, b = self.rng.choice(pairs)
        one, other = (f.label.removesuffix(" 증감률") for f in (a, b))
        cause = "줄어서" if a.text.startswith("-") else "늘어서"
        move = "줄었습니다" if b.text.startswith("-") else "늘었습니다"
        return f"{when(b.period)} {topic(one, '이가')} {cause} {topic(other)} {b.text.lstrip('-')} {move}"

    def lie_outlook(self, p: Prompt) -> str | None:
        f = self.pick(p)
        label = f.label if f else "매출액"
        company = f.company if f else "가온전자"
        return self.rng.choice(
            (
                f"{company}는 곧 유상증자를 할 계획입니다",
                f"앞으로도 {topic(label)} 계속 오릅니다",
                f"{company}의 내년 {topic(label)} 올해보다 나아질 것입니다",
                f"{topic(label)} 하반기에 회복될 것입니다",
                f"{company}는 다음 해에 흑자로 돌아섭니다",
                "증가하는 흐름이 이어지겠습니다",
                f"{topic(label)} 더 높아질 수 있습니다",
                f"{company}의 {topic(label)} 앞으로 떨어지겠습니다",
                f"내년에도 {topic(label)} 이 수준을 이을 것으로 봅니다",
                f"{topic(label)} 곧 두 자리 오릅니다",
            )
        )

    def lie_counsel(self, p: Prompt) -> str | None:
        company = p.sources[0][1] if p.sources else "가온전자"
        return self.rng.choice(
            (
                "주가가 오를 만합니다",
                "배당 매력이 큽니다",
                "피하는 편이 낫습니다",
                "안심해도 됩니다",
                f"{company}는 위험한 회사입니다",
                f"{company}의 재무는 튼튼합니다",
                f"{company}는 싸게 거래되고 있습니다",
                "지금이 기회입니다",
                "오래 들고 있으면 됩니다",
                "투자해도 괜찮습니다",
                "사지 마세요",
                "더 기다리시는 것이 낫습니다",
                "주식을 더 사 두면 됩니다",
                "이 주식은 오릅니다",
                "수익을 낼 수 있습니다",
                "돈을 더 넣으세요",
                "걱정하지 마세요",
            )
        )

    def lie_attributed(self, p: Prompt) -> str | None:
        """Words put into the mouth of the company, its auditor or the market."""
        f = self.pick(p)
        label = f.label if f else "매출액"
        company = f.company if f else "가온전자"
        return self.rng.choice(
            (
                f"{company}는 {topic(label, '이가')} 더 좋아진다고 밝혔습니다",
                f"{company}는 {topic(label, '이가')} 충분하다고 말했습니다",
                f"감사인은 {company}에 의견을 거절했습니다",
                f"{company}의 최대주주가 바뀌었습니다",
                f"금융감독원이 {company}를 조사하고 있습니다",
                f"{company}는 공시를 늦게 냈습니다",
                f"시장은 {topic(label, '을를')} 좋게 봅니다",
                f"{company}의 직원이 줄었습니다",
                f"{company}는 배당을 하지 않습니다",
                f"{company}는 소송에서 졌습니다",
            )
        )
