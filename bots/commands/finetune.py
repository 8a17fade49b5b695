"""`gongsi finetune …`: a dataset from what is loaded, training, the model in Ollama, and its marks."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bots.progress import progress
from core.settings import load_settings

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
