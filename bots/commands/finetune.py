"""`gongsi finetune …`: a dataset from what is loaded, training, the model in Ollama, and its marks."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.progress import progress
from core.settings import load_settings

if TYPE_CHECKING:
    from core.settings import Llm
    from finetune.evaluate import Marks
    from finetune.preflight import Check

app = typer.Typer(no_args_is_help=True)
_HOME = Path("data/finetune")
_PARTS = ("train", "validation", "test")


@app.command(help="들어 있는 공시와 리포트로 학습할 데이터셋을 만듭니다.")
def dataset(
    out: Annotated[Path, typer.Option(help="만들 폴더")] = _HOME / "dataset",
    tokenizer: Annotated[
        Path | None,
        typer.Option(help="길이를 잴 토크나이저(모델 폴더); 없으면 한 글자를 한 토큰으로 어림합니다"),
    ] = None,
    cutoff: Annotated[int, typer.Option(min=128, help="한 기록의 최대 토큰 수")] = 1024,
    context: Annotated[int, typer.Option(min=100, help="질문과 함께 보여 줄 근거의 최대 글자 수")] = 600,
    share: Annotated[float, typer.Option(min=0.01, max=0.5, help="검증과 시험에 각각 떼어 둘 몫")] = 0.1,
    per_company: Annotated[int, typer.Option(min=1, help="한 회사에 관한 질문의 최대 수")] = 300,
    seeds: Annotated[bool, typer.Option(help="예시 회사에 관한 지어낸 리포트도 씁니다")] = False,
) -> None:
    from finetune.dataset import Wanted, build

    wanted = Wanted(out, tokenizer, cutoff, context, share, per_company, seeds)
    made = build(load_settings(), wanted, progress())
    counts = ", ".join(
        f"{name} {len(part):,}건"
        for name, part in zip(("학습", "검증", "시험"), made.parts.values(), strict=True)
    )
    sys.stdout.write(f"{counts}, 버림 {len(made.rejected):,}건 → {out}\n")


_Profile = Annotated[
    str, typer.Option(help="cpu-smoke, cpu-smoke-4bit, qlora-8b, lora-8b-bf16, 또는 YAML 파일")
]
_Model = Annotated[str | None, typer.Option(help="바탕 모델의 폴더나 이름")]
_Accept = Annotated[
    bool, typer.Option("--accept-licence", help="바탕 모델의 라이선스를 읽었고 이 쓰임이 허락됨")
]


@app.command(help="이 컴퓨터에서 학습할 수 있는지 미리 봅니다: 환경, 라이선스, GPU, 디스크, 데이터셋.")
def check(
    profile: _Profile = "qlora-8b",
    model: _Model = None,
    template: Annotated[str | None, typer.Option(help="대화 형식 (LLaMA-Factory의 이름)")] = None,
    data: Annotated[Path | None, typer.Option(help="데이터셋 폴더")] = None,
    name: Annotated[str | None, typer.Option(help="만들 모델의 이름")] = None,
    accept: _Accept = False,
) -> None:
    from finetune.profile import load_profile
    from finetune.train import checks_of, refuse

    changes = {"model_name_or_path": model, "template": template, "dataset_dir": data and str(data)}
    checks = checks_of(load_profile(profile, changes), name, accepted=accept)
    _say_checks(checks)
    refuse(checks)


@app.command(help="데이터셋으로 LoRA를 학습합니다. 멈춘 학습은 --resume으로 잇습니다.")
def train(
    profile: _Profile,
    model: _Model = None,
    template: Annotated[str | None, typer.Option(help="대화 형식 (LLaMA-Factory의 이름)")] = None,
    data: Annotated[Path | None, typer.Option(help="데이터셋 폴더")] = None,
    out: Annotated[Path | None, typer.Option(help="어댑터를 둘 폴더")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="걸음 수")] = None,
    cutoff: Annotated[int | None, typer.Option(min=128, help="한 기록의 최대 토큰 수")] = None,
    resume: Annotated[bool, typer.Option(help="멈춘 데서 잇습니다")] = False,
    accept: _Accept = False,
) -> None:
    from finetune.train import train as run

    changes: dict[str, Any] = {
        "model_name_or_path": model,
        "template": template,
        "dataset_dir": data and str(data),
        "output_dir": out and str(out),
        "max_steps": steps,
        "cutoff_len": cutoff,
    }
    trained = run(profile, changes, resume=resume, accepted=accept)
    sys.stdout.write(f"{trained.told} → {trained.folder} (그림: training_loss.png)\n")


@app.command(help="어댑터를 바탕 모델과 합치고, 같은 말을 하는지 확인하고, 원하면 GGUF로 바꿉니다.")
def export(
    adapter: Annotated[Path, typer.Argument(help="학습한 폴더")],
    out: Annotated[Path, typer.Option(help="합친 모델을 둘 폴더")],
    model: _Model = None,
    gguf: Annotated[Path | None, typer.Option(help="GGUF로도 바꾸어 둘 파일")] = None,
    llama_cpp: Annotated[
        Path | None, typer.Option(help="convert_hf_to_gguf.py가 있는 llama.cpp 폴더")
    ] = None,
    kind: Annotated[str, typer.Option(help="GGUF의 정밀도: f32, f16, bf16")] = "f16",
) -> None:
    from core.errors import InputError
    from finetune.export import export as merge
    from finetune.export import to_gguf

    if gguf is not None and llama_cpp is None:
        raise InputError("--gguf에는 --llama-cpp 폴더가 있어야 합니다(finetune/README.md의 ‘GGUF’).")
    made = merge(adapter, out, model=model)
    logits = made.logits
    sys.stdout.write(
        f"합침 → {out}: 로짓의 최대 차이 {logits['max_abs_diff']:.1e}, 가장 그럴듯한 토큰이 같은 비율"
        f" {logits['argmax_agreement']:.2%} ({logits['dtype']}, 글 {logits['texts']}개)\n"
    )
    for said in made.repaired:
        sys.stdout.write(f"- {said}\n")
    if gguf is not None and llama_cpp is not None:
        sys.stdout.write(f"GGUF → {to_gguf(out, llama_cpp, gguf, kind)}\n")


_Host = Annotated[str | None, typer.Option(help="Ollama 서버 주소; 없으면 설정의 llm.ollama_host")]


@app.command(
    help="합친 모델(폴더나 GGUF)을 Ollama에 올리고 말을 시켜 봅니다. 있던 모델은 -previous로 남습니다."
)
def deploy(
    weights: Annotated[Path, typer.Argument(help="합친 모델의 폴더나 .gguf 파일")],
    name: Annotated[str, typer.Option(help="Ollama에서 부를 이름. 예) llama-dart-analyst")],
    evaluation: Annotated[
        Path | None,
        typer.Option(help="gongsi finetune eval이 쓴 evaluation.json; 나빠진 모델은 올리지 않습니다"),
    ] = None,
    force: Annotated[bool, typer.Option(help="평가 없이, 또는 나쁜 평가에도 올립니다")] = False,
    quantize: Annotated[str | None, typer.Option(help="Ollama가 줄일 형식. 예) q4_K_M, q8_0")] = None,
    template: Annotated[str | None, typer.Option(help="대화 형식; 없으면 export가 적어 둔 것")] = None,
    model: _Model = None,
    host: _Host = None,
    switch: Annotated[
        bool, typer.Option("--switch", help="settings.toml의 llm.model을 이 이름으로 바꿉니다")
    ] = False,
) -> None:
    import json

    from core.errors import InputError
    from core.settings import settings_file
    from finetune.deploy import deploy as put
    from finetune.deploy import deployment, refuse_worse
    from finetune.deploy import switch as use
    from finetune.interpret import SYSTEM

    if not force:
        if evaluation is None:
            raise InputError("--evaluation에 평가 결과를 주세요. 평가 없이 올리려면 --force를 붙입니다.")
        try:
            refuse_worse(json.loads(evaluation.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            raise InputError(f"평가 결과가 아닙니다: {evaluation}") from None
    made = deployment(weights, name, SYSTEM, template=template, base=model, quantize=quantize)
    said = put(made, _llm(host), lambda line: sys.stderr.write(f"{line}\n"))
    sys.stdout.write(f"{name}을 올렸습니다. 시켜 본 말: {said[:200]}\n")
    if switch:
        use(settings_file(), name)
        sys.stdout.write(f"{settings_file()}의 llm.model을 {name}(으)로 바꿨습니다.\n")


@app.command(help="이름을 바로 앞에 올렸던 모델로 되돌립니다.")
def rollback(
    name: Annotated[str, typer.Argument(help="Ollama 모델의 이름")],
    host: _Host = None,
) -> None:
    from finetune.deploy import rollback as back

    said = back(name, _llm(host))
    sys.stdout.write(f"{name}을 이전 모델로 되돌렸습니다. 시켜 본 말: {said[:200]}\n")


@app.command("eval", help="바탕 모델과 학습한 모델에 같은 것을 묻고 틀린 것을 견줍니다.")
def evaluate(
    base: Annotated[str, typer.Option(help="바탕 모델: Ollama의 이름, 또는 generated_predictions.jsonl")],
    tuned: Annotated[str, typer.Option(help="학습한 모델: 위와 같음")],
    data: Annotated[Path, typer.Option(help="데이터셋 폴더")] = _HOME / "dataset",
    part: Annotated[str, typer.Option(help="어느 몫으로: test, validation")] = "test",
    limit: Annotated[int | None, typer.Option(min=1, help="기록의 최대 수")] = None,
    gold: Annotated[
        Path | None,
        typer.Option(help="봇에게도 물을 질문(gongsi eval answers의 것); 두 모델이 Ollama에 있을 때"),
    ] = None,
    out: Annotated[Path, typer.Option(help="evaluation.json과 evaluation.html을 둘 폴더")] = _HOME
    / "evaluation",
    host: _Host = None,
) -> None:
    import json

    from finetune.evaluate import report
    from finetune.page import page

    both = [_marks(name, data, part, limit, gold, host) for name in (base, tuned)]
    made = report(*both)
    out.mkdir(parents=True, exist_ok=True)
    (out / "evaluation.json").write_text(
        json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (out / "evaluation.html").write_text(page(made, *both), encoding="utf-8")
    for side in made["models"].values():
        figures = side["without"]["figure"]
        sys.stdout.write(
            f"{side['name']}: 모두 맞음 {side['right']:.1%}, 숫자 {figures:.1%}, chrF {side['chrf']:.3f}\n"
        )
    said = "나빠지지 않았습니다." if made["verdict"] == "ok" else f"나빠졌습니다: {', '.join(made['worse'])}"
    sys.stdout.write(f"{said} → {out / 'evaluation.html'}\n")


def _marks(
    name: str, data: Path, part: str, limit: int | None, gold: Path | None, host: str | None
) -> "Marks":
    from dataclasses import replace

    from core.profile.glossary import load_glossary
    from core.wiring.models import build_tokenizer
    from finetune.evaluate import ask_all, mark, predictions
    from finetune.judge import Judge
    from finetune.names import proper_nouns
    from finetune.record import read_records

    records = read_records(data / f"{part}.json")[:limit]
    known = sorted({r.corp_name for p in data.glob("*.json") if p.stem in _PARTS for r in read_records(p)})
    kiwi = build_tokenizer()
    kiwi.add_names(known)
    judge = Judge(load_glossary(), known, proper_nouns(kiwi.kiwi.tokenize), kiwi.terms)  # type: ignore[attr-defined]
    if name.endswith(".jsonl"):
        return mark(name, records, predictions(Path(name)), judge)
    marks = mark(name, records, ask_all(name, records, _llm(host), progress()), judge)
    return replace(marks, answers=_answers(name, gold, host)) if gold else marks


def _answers(name: str, gold: Path, host: str | None) -> dict[str, Any]:
    """The card of `gongsi eval answers` with the bot's writer set to this model, in a process of its own."""
    import json
    import os
    import subprocess

    from core.errors import ModelError

    llm = _llm(host)
    changed = {"BACKEND": "ollama", "MODEL": name, "OLLAMA_HOST": llm.ollama_host}
    code = "from bots.cli import main; main()"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, "eval", "answers", "--gold", str(gold), "--json"],
        env=os.environ | {f"GONGSI_LLM__{key}": value for key, value in changed.items()},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ModelError(f"{name}(으)로 봇의 질문에 답하지 못했습니다.")
    card: dict[str, Any] = json.loads(done.stdout)
    return card


def _llm(host: str | None) -> "Llm":
    llm = load_settings().llm
    return llm.model_copy(update={"ollama_host": host}) if host else llm


def _say_checks(checks: "list[Check]") -> None:
    marks = {"ok": "✓", "warn": "!", "fail": "✗"}
    for one in checks:
        sys.stdout.write(f"{marks[one.verdict]} {one.what}: {one.said}\n")
