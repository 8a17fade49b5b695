"""Two models side by side: who is worse, and the page that shows it; nothing heavy is imported."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from core.errors import InputError
from finetune.evaluate import mark, predictions, report
from finetune.page import page
from tests.doubles.defects import digit, planted
from tests.doubles.learnt import interpretations, judge

RECORDS = [record for record in interpretations() if record.level == "advanced"]
RIGHT = [record.output for record in RECORDS]


def wrong(kind: str) -> list[str]:
    return [next(text for k, text in planted(r, r.output, 7) if k == kind) for r in RECORDS]


def test_an_equal_model_may_be_deployed() -> None:
    both = [mark(name, RECORDS, RIGHT, judge()) for name in ("base", "tuned")]
    made = report(*both)
    assert made["verdict"] == "ok"
    assert made["models"]["tuned"]["right"] == made["models"]["tuned"]["chrf"] == 1.0


@pytest.mark.parametrize("kind", ["figure", "company", "meaning", "advice"])
def test_a_model_that_got_worse_may_not(kind: str) -> None:
    base, tuned = mark("base", RECORDS, RIGHT, judge()), mark("tuned", RECORDS, wrong(kind), judge())
    made = report(base, tuned)
    assert made["verdict"] == "worse"
    assert set(made["worse"]) & {kind, "date"}
    assert report(tuned, base)["verdict"] == "ok"


def test_silence_is_not_right() -> None:
    base, tuned = (mark(name, RECORDS, ["모르겠습니다."] * len(RECORDS), judge()) for name in ("a", "b"))
    made = report(base, tuned)
    assert made["worse"] == ["floor"]
    assert made["models"]["base"]["without"]["figure"] == 0


def test_the_bots_own_figures_count() -> None:
    def card(exact: float, wrong: float) -> dict[str, object]:
        return {"accuracy": 0.9, "figures": {"exact": exact, "wrong": wrong}}

    base, tuned = (mark(name, RECORDS, RIGHT, judge()) for name in ("base", "tuned"))
    worse = report(replace(base, answers=card(0.95, 0.0)), replace(tuned, answers=card(0.9, 0.05)))
    assert worse["worse"] == ["answers.exact", "answers.wrong"]
    assert (
        report(replace(base, answers=card(0.9, 0.05)), replace(tuned, answers=card(0.95, 0)))["verdict"]
        == "ok"
    )


def test_the_page_shows_both_and_escapes_what_models_write() -> None:
    said = [f"{text} <script>alert(1)</script>" for text in wrong("figure")]
    base, tuned = mark("base", RECORDS, RIGHT, judge()), mark("tuned<b>", RECORDS, said, judge())
    html = page(report(base, tuned), base, tuned)
    assert "배포하지 마세요" in html
    assert "<svg" in html
    assert "<script>" not in html
    assert "tuned<b>" not in html
    assert html.count("<details>") == len(RECORDS)


def test_answers_must_be_as_many_as_records() -> None:
    with pytest.raises(InputError, match="답이 1개"):
        mark("x", RECORDS, ["하나"], judge())


def test_predictions_of_llama_factory(tmp_path: Path) -> None:
    path = tmp_path / "generated_predictions.jsonl"
    rows = [{"prompt": "p", "predict": "가", "label": "나"}, {"prompt": "p", "predict": "", "label": "나"}]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert predictions(path) == ["가", ""]
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError):
        predictions(path)


def test_one_digit_of_a_text_changes() -> None:
    text = "영업이익은 3조 4,512억원입니다 [1]."
    made = digit(text, Random(1))  # noqa: S311
    assert made is not None
    assert sum(a != b for a, b in zip(text, made, strict=True)) == 1
    assert made.endswith("[1].")


def test_the_program_imports_nothing_of_the_fine_tuning_environment() -> None:
    code = (
        "import sys; sys.argv = ['gongsi', 'finetune', '--help']\n"
        "import bots.cli, finetune.dataset, finetune.train, finetune.export, finetune.deploy\n"
        "heavy = {'torch', 'transformers', 'llamafactory', 'peft', 'datasets', 'matplotlib', 'kiwipiepy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
