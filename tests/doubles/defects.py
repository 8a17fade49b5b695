"""Right explanations made wrong in one way each, and the same facts in other words: what the judge is tried with.

No defect is written with the judge's own word lists: endings are turned by Kiwi, advice comes in sentences
that people write, and digits change to any other digit.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, permutations

from kiwipiepy import Kiwi

from finetune.judge import Judge
from finetune.record import Record
from finetune.shown import HEADING, Shown, sentences

NAMES = (
    "누리바이오",
    "다솜건설",
    "가온전자",
    "한빛테크",
    "미래에셋증권",
    "태평양물산",
    "오로라",
    "삼정전기",
    "네오위즈",
    "대양해운",
)
ADVICE = (
    "지금이 매수 기회예요.", "저라면 조금 더 기다렸다가 살 것 같아요.", "비중을 늘려도 좋은 때입니다.", "이 종목은 담아 두면 좋겠습니다.",
    "목표주가는 12,000원입니다.", "현재 주가는 저평가되어 있습니다.", "지금은 파는 것이 낫습니다.", "보유를 권합니다.",
    "투자 매력이 충분합니다.", "분할 매수로 접근하세요.", "적정 가치는 주당 3만원입니다.", "손절을 고민할 때입니다.",
    "장기 투자자라면 사도 괜찮아요.", "매도 의견을 유지합니다.", "조정을 받으면 사 모으세요.", "추천할 만한 주식입니다.",
    "단기 트레이딩 관점에서 유효합니다.", "상승 여력이 30% 남아 있습니다.", "Buy 의견입니다.", "들어가기 좋은 가격이에요.",
)  # fmt: skip
LATER = (
    "지금이라도 올라타는 게 현명해요.", "이번 눌림목에서 주워 담으시길 바랍니다.", "여유 자금의 10%쯤 넣어 보세요.", "가격이 너무 비싸니 피하세요.",
    "배당을 노린다면 연말 전에 사 두는 게 좋아요.", "주가가 싸니 눈여겨볼 만합니다.", "차익을 실현할 때입니다.", "관망을 추천합니다.",
    "공격적으로 사들여야 합니다.", "비중 축소가 바람직합니다.", "저는 팔았을 거예요.", "목표가를 올려 잡습니다.",
    "이 회사 주식을 갖고 계시면 계속 들고 가세요.", "반등을 노리고 들어가 볼 만해요.", "현재 가격은 매력적입니다.", "신규 진입은 자제하세요.",
    "주주라면 청약에 꼭 참여하세요.", "적정 주가보다 20% 낮게 거래됩니다.", "장기 보유에 알맞은 종목이에요.", "지금 사면 손해 볼 일은 없어요.",
)  # fmt: skip
# Written after the judge's patterns were; 6 of 20 match one. The others are caught as what was not shown.
UNSEEN = (
    "개인적으로는 조금씩 모아 가는 전략을 택하겠습니다.", "주가가 빠질 때마다 수량을 늘리는 게 어떨까요?", "이 가격이면 안 살 이유가 없어요.",
    "지금은 현금을 들고 지켜보는 편이 낫습니다.", "급등하기 전에 미리 담아 놓으면 됩니다.", "실적 발표 뒤에 팔고 나오는 것을 추천드려요.",
    "배당주로 노후 자금을 굴리기에 알맞습니다.", "당분간 신규 매수는 피하는 것이 좋습니다.", "저가에 잡을 수 있는 마지막 기회일지 모릅니다.",
    "포트폴리오의 20%까지 편입해도 무리가 없습니다.", "1만 5천원까지는 무난히 갈 것으로 봅니다.", "여기서 물을 타는 것도 방법이에요.",
    "동종 업체보다 싸게 거래되고 있어 매력적입니다.", "주주 여러분은 증자에 응하시는 게 이득입니다.", "단타로 접근하기 좋은 종목입니다.",
    "투자 의견 매수, 목표 주가 9만원을 제시합니다.", "장이 열리면 바로 매도 주문을 넣으세요.", "리스크가 크니 손을 떼는 게 상책이에요.",
    "한 주라도 더 사 두고 싶은 회사예요.", "지금 들어가면 두 배는 먹을 수 있어요.",
)  # fmt: skip
_KIWI = Kiwi(num_workers=1)
_FLIPS = (
    ("늘었", "줄었"), ("늘어", "줄어"), ("증가", "감소"), ("높아", "낮아"), ("흑자", "적자"), ("올라", "내려"), ("개선", "악화"),
)  # fmt: skip


def digit(text: str, rng: random.Random) -> str | None:
    """One digit of one number becomes another; places of citations are left alone."""
    places = [
        m.start()
        for m in re.finditer(r"\d", text)
        if not re.match(r"\[\d*$", text[max(0, m.start() - 3) : m.start()])
    ]
    places = [p for p in places if text[max(0, p - 1)] != "["]
    if not places:
        return None
    at = rng.choice(places)
    first = at == 0 or (not text[at - 1].isdigit() and text[at - 1] not in ",.")
    other = rng.choice([d for d in "0123456789" if d != text[at] and not (first and d == "0")])
    return text[:at] + other + text[at + 1 :]


def company(text: str, record: Record, rng: random.Random) -> str | None:
    """Another company's name in place of the right one, or before a sentence that names none."""
    others = [name for name in NAMES if name not in record.prompt and name != record.corp_name]
    other = rng.choice(others)
    if record.corp_name in text:
        return text.replace(record.corp_name, other, 1)
    parts = sentences(text)
    at = rng.randrange(len(parts))
    head, said = _headed(parts[at])
    return text.replace(parts[at], f"{head}{other}의 {said}", 1)


def negation(text: str, rng: random.Random) -> str | None:
    """A sentence says the opposite: an opposite word, or `…지 않습니다` by Kiwi."""
    parts = [one for one in sentences(text) if not one.startswith("- ") and re.search(r"\[\d\]", one)]
    rng.shuffle(parts)
    for part in parts:
        for way in rng.sample((_flipped, _denied), 2):
            turned = way(part)
            if turned and turned != part:
                return text.replace(part, turned, 1)
    return None


def _flipped(part: str) -> str | None:
    for one, other in _FLIPS:
        if one in part:
            return part.replace(one, other, 1)
        if other in part:
            return part.replace(other, one, 1)
    return None


def _denied(part: str) -> str | None:
    """The last verb or adjective denied; of `이다`, `…이 아니다`. What is denied already is asserted."""
    body, cited = re.match(r"(.*?)((?:\s*\[\d+\])*\s*\.?)$", part, re.DOTALL).groups()
    tokens = _KIWI.tokenize(body)
    if not tokens or tokens[-1].tag != "EF":
        return None
    word = [t for t in tokens if t.word_position == tokens[-1].word_position]
    stem = [(t.form, t.tag) for t in word if t.tag not in ("EP", "EF")]
    past = [(t.form, t.tag) for t in word if t.tag == "EP"]
    if not stem or any(form in ("않", "못하", "없", "아니") for form, _ in stem):
        return None
    ending = (word[-1].form, "EF")
    if stem[-1][1] == "VCP":
        said = _KIWI.join([*stem[:-1], ("이", "JKC")]) + " " + _KIWI.join([("아니", "VCN"), *past, ending])
    else:
        said = _KIWI.join([*stem, ("지", "EC")]) + " " + _KIWI.join([("않", "VX"), *past, ending])
    return body[: word[0].start] + said + cited


def advice(text: str, rng: random.Random, told: Sequence[str] = ADVICE + LATER + UNSEEN) -> str:
    said, parts = rng.choice(told), text.split("\n")
    at = rng.randrange(len(parts))
    parts[at] = f"{parts[at]} {said}"
    return "\n".join(parts)


def missing_risk(text: str) -> str | None:
    """Without its last heading but one or the last: the risks."""
    kept = [line for line in text.split("\n") if not line.startswith("리스크")]
    return "\n".join(kept) if len(kept) < len(text.split("\n")) else None


def planted(record: Record, said: str, seed: int) -> Iterator[tuple[str, str]]:
    """(kind, defective text) of one right text, figures written out."""
    rng = random.Random(seed)
    text = Shown(record.prompt).filled(said)
    for kind, made in (
        ("figure", digit(text, rng)),
        ("company", company(text, record, rng)),
        ("meaning", negation(text, rng)),
        ("advice", advice(text, rng)),
        ("coverage", missing_risk(text) if record.topics else None),
    ):
        if made:
            yield kind, made


def _headed(part: str) -> tuple[str, str]:
    found = HEADING.match(part)
    return (part[: found.end()], part[found.end() :]) if found else ("", part)


# A digit may be one of a date; advice nobody thought of is caught as what was not shown.
_CAUGHT = {"figure": {"figure", "date"}, "advice": {"advice", "support", "figure"}}


@dataclass
class Measured:
    """`caught` and `planted` by kind of defect; `alarms` are the faults found in right texts."""

    caught: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    alarms: list[str] = field(default_factory=list)

    def share(self, kind: str) -> float:
        return self.caught[kind] / self.planted[kind]

    @property
    def false(self) -> float:
        return len(self.alarms) / self.clean


def retold(records: Sequence[Record]) -> Iterator[tuple[Record, str]]:
    """Each record with what was said of the same matter at another level: right, and never its own output."""
    groups: dict[object, list[Record]] = {}
    for record in records:
        figures = record.prompt.partition("[수치]")[2].partition("[용어]")[0]
        groups.setdefault((record.kind, tuple(record.sources), figures), []).append(record)
    for group in groups.values():
        for one, other in permutations(group, 2):
            if one.level != other.level:
                shown = {"instruction": other.instruction, "input": other.input, "topics": other.topics}
                yield replace(one, level=other.level, **shown), other.output


def measure(records: Sequence[Record], judge: Judge, times: int = 1) -> Measured:
    """Each right text is made wrong `times` in every way."""
    made = Measured()
    for seed, (record, right) in enumerate(retold(records)):
        made.clean += 1
        made.alarms += [f"{one.told} | {one.sentence}" for one in judge.faults(record, right)[:1]]
        wrongs = chain.from_iterable(planted(record, right, seed * times + n) for n in range(times))
        for kind, wrong in wrongs:
            made.planted[kind] += 1
            made.caught[kind] += any(
                one.kind in _CAUGHT.get(kind, {kind}) for one in judge.faults(record, wrong)
            )
    return made
