"""`gongsi etl transform` and `gongsi etl load`: the stages of `etl import`, here or on a Ray cluster."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.commands.etl import load_transformed, report, say_problems, sources_in
from bots.progress import progress
from core.errors import InputError
from core.settings import load_settings

if TYPE_CHECKING:
    from core.etl.engine import Engine


class EngineName(StrEnum):
    PROCESS = "process"
    RAY = "ray"


_Engine = Annotated[
    EngineName, typer.Option("--engine", help="어디서 처리할지: 이 컴퓨터(process)나 Ray(ray)")
]
_Address = Annotated[
    str, typer.Option("--address", help="Ray 클러스터의 주소. 없으면 이 컴퓨터에서 Ray를 켭니다")
]


def transform(
    paths: Annotated[list[Path] | None, typer.Argument(help="파일이나 폴더. 없으면 받아 둔 공시")] = None,
    engine: _Engine = EngineName.PROCESS,
    address: _Address = "",
) -> None:
    from core.etl.pipeline import transform_filings
    from core.etl.refresh import transform_fetched
    from core.wiring.etl import fetched, open_archive, open_shards

    settings = load_settings()
    shards, used = open_shards(settings), _engine(engine, address)
    if paths:
        made = transform_filings(sources_in(paths), shards, progress(), used)
    else:
        made = transform_fetched(fetched(settings), open_archive(settings), shards, progress(), used)
    say_problems(made)
    parts = [f"새로 변환함 {len(made.made)}건", f"그대로 {len(made.unchanged)}건"]
    if made.quarantined:
        parts.append(f"격리 {len(made.quarantined)}건")
    sys.stdout.write(f"{', '.join(parts)}\n")
    if made.quarantined and not (made.made or made.unchanged):
        raise InputError("읽은 공시가 하나도 없습니다.")


def load(
    reembed: Annotated[
        bool, typer.Option(help="저장된 모든 조각의 벡터를 지금 설정의 모델로 다시 만듭니다")
    ] = False,
    engine: _Engine = EngineName.PROCESS,
    address: _Address = "",
) -> None:
    settings = load_settings()
    if reembed:
        from core.wiring.etl import reembed_all

        sys.stdout.write(f"다시 임베딩함 {reembed_all(settings, progress()):,}조각\n")
        return
    outcome = load_transformed(settings, _engine(engine, address))
    if outcome.loaded or outcome.quarantined:
        report(outcome)
    else:
        sys.stdout.write("새로 넣을 공시가 없습니다.\n")


def _engine(name: EngineName, address: str) -> "Engine | None":
    """None: this machine's processes, as many as the work is worth."""
    if name is EngineName.RAY:
        from core.etl.ray_engine import Ray

        return Ray(address)
    if address:
        raise InputError("--address는 --engine ray와 함께 씁니다.")
    return None
