"""What a dataset holds, for people: numbers, a picture, and the card that goes with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from finetune.chart import Bars, svg
from finetune.record import Record, Split

_STEP = 256  # tokens of one bar
_KINDS = {"answer": "봇의 질문과 답", "interpretation": "리포트의 해설"}
_ORIGINS = {"filings": "공시에서 만든 질문", "report": "증권사 리포트", "seed": "지어낸 예시 리포트"}


def statistics(made: Split, cutoff: int, notes: Mapping[str, int], *, exact: bool) -> dict[str, Any]:
    records = [record for part in made.parts.values() for record in part]
    lengths = sorted(record.tokens or 0 for record in records)
    return {
        "records": {name: len(part) for name, part in made.parts.items()},
        "rejected": dict(Counter(_short(one.reason) for one in made.rejected).most_common()),
        "left_out": dict(sorted(notes.items())),
        "kinds": _counts(records, lambda r: _KINDS[r.kind]),
        "levels": _counts(records, lambda r: r.level.korean),
        "origins": _counts(records, lambda r: _ORIGINS[r.origin]),
        "topics": dict(Counter(topic for record in records for topic in record.topics)),
        "companies": len({record.corp_code for record in records}),
        "tokens": {
            "counted_by": "토크나이저" if exact else "어림(한 글자에 한 토큰)",
            "cutoff": cutoff,
            "most": lengths[-1] if lengths else 0,
            "middle": lengths[len(lengths) // 2] if lengths else 0,
            "bars": _histogram(lengths),
        },
        "validation_from": made.cut.isoformat() if made.cut else None,
        "test_companies": list(made.held_out),
    }


def _short(reason: str) -> str:
    return reason.split(":")[0]


def _counts(records: Sequence[Record], of: Any) -> dict[str, int]:
    return dict(Counter(of(record) for record in records))


def _histogram(lengths: Sequence[int]) -> dict[str, int]:
    counts = Counter(length // _STEP for length in lengths)
    return {f"{n * _STEP}~{(n + 1) * _STEP - 1}": counts[n] for n in range(max(counts, default=0) + 1)}


def picture(told: Mapping[str, Any]) -> str:
    def bars(title: str, counts: Mapping[str, int]) -> Bars:
        return Bars(title, ["기록"], {name: [count] for name, count in counts.items()})

    names = {"train": "학습", "validation": "검증", "test": "시험"}
    return svg(
        [
            bars("나눈 몫", {names[name]: count for name, count in told["records"].items()}),
            bars(f"길이(토큰, {told['tokens']['counted_by']})", told["tokens"]["bars"]),
            bars("수준", told["levels"]),
            bars("어디서 왔나", told["origins"]),
            bars("다룬 항목", told["topics"]),
            bars("버린 까닭", told["rejected"]),
        ]
    )


def card(made: Split, told: Mapping[str, Any]) -> str:
    """A dataset card: the licences are of each source, and the operator's to settle for reports."""
    counts = told["records"]
    origins = "\n".join(
        f"| {name} | {count:,} | {_licence(name)} |" for name, count in told["origins"].items()
    )
    rejected = "\n".join(f"- {name}: {count:,}건" for name, count in told["rejected"].items()) or "- 없음"
    left = "\n".join(f"- {name}: {count:,}" for name, count in told["left_out"].items()) or "- 없음"
    return f"""---
language: ko
task_categories: [text-generation]
license: other
---
# 공시톡 파인튜닝 데이터셋

학습 {counts["train"]:,}건, 검증 {counts["validation"]:,}건, 시험 {counts["test"]:,}건.
회사 {told["companies"]}곳.
LLaMA-Factory의 alpaca 형식입니다(`dataset_info.json`).
길이와 갈래는 `statistics.svg`와 `statistics.json`에 있습니다.

## 무엇이 들어 있나
- **봇의 질문과 답**: 봇이 모델에 실제로 보내는 글(근거, 수치, 용어, 질문)과, 봇의 검사를 모두 지난 답.
- **리포트의 해설**: 공시의 발췌와 그 공시를 다룬 증권사 리포트의 문장을 초급·중급·고급 세 말투로 옮긴 것.
  답의 숫자는 모두 보여 준 자료에 있고, 공시에 없는 말은 리포트의 것으로 출처와 함께 보여 줍니다.
- 매수·매도 의견과 목표 주가, 개인정보(이름, 전화, 메일), 알림글은 뺐습니다.

## 출처와 라이선스
| 출처 | 기록 | 조건 |
| --- | --- | --- |
{origins}

증권사 리포트의 저작권은 증권사에 있습니다.
학습에 쓸 권리가 있는 리포트만 넣고, 이 데이터셋과 모델을 나누기 전에 조건을 확인하세요.

## 나눈 방법
시험: 회사를 통째로 떼었습니다({", ".join(made.held_out) or "회사가 하나뿐이라 없음"}).
검증: {told["validation_from"] or "날짜가 하나뿐이라 없음"} 이후의 것 가운데
학습이 보지 않은 공시에만 기댄 것.

## 버린 기록
{rejected}

이유와 함께 `rejected.jsonl`에 있습니다.

## 기록이 되지 못한 것
{left}
"""


def _licence(origin: str) -> str:
    return {
        _ORIGINS["filings"]: "DART 공시(공공데이터, 금융감독원) · 예시 회사는 이 저장소의 라이선스",
        _ORIGINS["report"]: "각 증권사의 저작물",
        _ORIGINS["seed"]: "이 저장소의 라이선스(Apache-2.0), 가상",
    }[origin]
