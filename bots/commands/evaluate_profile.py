"""`gongsi eval profile`: levels told over labelled histories, against the gold and three baselines."""

import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer

from bots.histories import read_histories, replayed
from bots.level_picture import picture
from core.errors import InputError


def profile(
    gold: Annotated[Path, typer.Option(help="JSONL: user, level, messages[at, text, level], kind?")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON으로")] = False,
    draw: Annotated[Path | None, typer.Option("--picture", help="한 대화의 짐작을 그릴 SVG 파일")] = None,
    user: Annotated[str | None, typer.Option(help="그릴 사람; 없으면 수준이 가장 여러 번 바뀐 사람")] = None,
) -> None:
    from core.profile.baselines import last_message, majority, term_count
    from core.profile.scorecard import Told, agreement, score
    from core.wiring.models import build_reader

    histories = read_histories(gold, labelled=True)
    if draw is not None and (draw.is_dir() or not draw.parent.is_dir()):
        raise InputError(f"그림을 쓸 수 없는 자리입니다: {draw}")
    reader = build_reader()
    reader.read("따뜻하게")  # Kiwi loads at its first use
    all_told, times = [], []
    for row in histories:
        steps = []
        started = time.perf_counter()
        for step in replayed(row, reader):
            steps.append(step)
            times.append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
        beliefs = [belief for _, belief in steps]
        shares = [(one.beginner, one.intermediate, one.advanced) for one in beliefs]
        topics = {topic: one.level for topic, one in steps[-1][0].topics().items()}
        all_told.append(Told(row, [one.level for one in beliefs], shares, topics))
    card = score(all_told)
    baselines = {
        "majority": majority(histories),
        "last_message": last_message(histories, reader),
        "term_count": term_count(histories, reader.glossary),
    }
    card["baselines"] = {
        name: {
            "final": agreement(
                [(row["level"], levels[-1]) for row, levels in zip(histories, made, strict=True)]
            ),
            "messages": agreement(
                [
                    (message["level"], said)
                    for row, levels in zip(histories, made, strict=True)
                    for message, said in zip(row["messages"], levels, strict=True)
                ]
            ),
        }
        for name, made in baselines.items()
    }
    times.sort()
    card["p50_ms"], card["p95_ms"] = round(times[len(times) // 2], 2), round(times[int(len(times) * 0.95)], 2)
    if draw is not None:
        draw.write_text(picture(_chosen(all_told, user)), encoding="utf-8")
    if as_json:
        sys.stdout.write(json.dumps(card, ensure_ascii=False) + "\n")
    else:
        _show(card)


def _chosen(all_told: list[Any], user: str | None) -> Any:
    if user is None:
        return max(all_told, key=lambda one: sum(a != b for a, b in pairwise(one.levels)))
    for one in all_told:
        if str(one.row["user"]) == user:
            return one
    raise InputError(f"파일에 없는 사람입니다: {user}")


def _show(card: dict[str, Any]) -> None:
    out = sys.stdout.write
    out(f"사람 {card['users']}명\n\n{'':22}정확도  macro-F1  κ(제곱)  평균 오차  낮춰 답함  높여 답함\n")
    rows = [("마지막 수준", card["final"]), ("메시지마다", card["messages"])]
    names = {"majority": "가장 흔한 수준", "last_message": "마지막 메시지만", "term_count": "용어 세기"}
    if card["topics"]:
        rows.append(("주제마다", card["topics"]))
    rows += [(f"기준선: {names[name]}", made["final"]) for name, made in card["baselines"].items()]
    for name, row in rows:
        pad = " " * max(1, 22 - sum(2 if ord(c) > 0x1100 else 1 for c in name))
        out(
            f"{name}{pad}{row['accuracy']:5.1%}   {row['macro_f1']:.3f}     {row['quadratic_kappa']:6.3f}   "
            f"{row['mean_error']:.3f}      {row['below']:5.1%}     {row['above']:5.1%}\n"
        )
    out(f"\n확신의 어긋남(ECE) {card['calibration_error']:.3f}\n")
    out(
        f"대화 한 번에 수준이 바뀐 횟수 {card['flips_per_conversation']} "
        f"(정답 {card['gold_flips_per_conversation']}), "
        f"제 수준을 찾기까지 메시지 {card['messages_to_converge']}개\n"
    )
    out(f"메시지 하나에 {card['p50_ms']} ms (p95 {card['p95_ms']} ms)\n")
    if card["kinds"]:
        out(
            "갈래별 마지막 수준의 정확도: "
            + ", ".join(f"{k} {v:.0%}" for k, v in card["kinds"].items())
            + "\n"
        )
