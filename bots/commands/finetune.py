"""`gongsi finetune …`: a dataset from what is loaded, training, the model in Ollama, and its marks."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.progress import progress
from core.settings import load_settings

if TYPE_CHECKING:
    from finetune.preflight import Check

app = typer.Typer(no_args_is_help=True)
_HOME = Path("data/finetune")


@app.command(help="들어 있는 공시와 리포트로 학습할 데이터셋을 만듭니다.")
def dataset(
    out: Annotated[Path, typer.Option(help="만들 폴더")] = _HOME / "dataset",
    tokenizer: Annotated[
        Path | None, typer.Option(help="길이를 잴 토크나이저(모델 폴더); 없으면 한 글자를 한 토큰으로 어림합니다")
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
        f"{name} {len(part):,}건" for name, part in zip(("학습", "검증", "시험"), made.parts.values(), strict=True)
    )
    sys.stdout.write(f"{counts}, 버림 {len(made.rejected):,}건 → {out}\n")


_Profile = Annotated[str, typer.Option(help="cpu-smoke, cpu-smoke-4bit, qlora-8b, lora-8b-bf16, 또는 YAML 파일")]
_Model = Annotated[str | None, typer.Option(help="바탕 모델의 폴더나 이름")]
_Accept = Annotated[bool, typer.Option("--accept-licence", help="바탕 모델의 라이선스를 읽었고 이 쓰임이 허락됨")]


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


def _say_checks(checks: "list[Check]") -> None:
    marks = {"ok": "✓", "warn": "!", "fail": "✗"}
    for one in checks:
        sys.stdout.write(f"{marks[one.verdict]} {one.what}: {one.said}\n")
