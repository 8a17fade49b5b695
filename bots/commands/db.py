"""`gongsi db`: start, stop, migrate and find the database."""

import sys

import typer

from core.settings import load_settings

app = typer.Typer(no_args_is_help=True)


@app.command(help="데이터베이스를 켜고 스키마를 맞춥니다. 명령이 끝나도 켜져 있습니다.")
def start() -> None:
    from core.store.connect import open_database

    open_database(load_settings())
    sys.stderr.write("데이터베이스가 켜져 있습니다.\n")


@app.command(help="내장 데이터베이스를 끕니다.")
def stop() -> None:
    from core.store.connect import close_database

    stopped = close_database(load_settings())
    said = "데이터베이스를 껐습니다." if stopped else "꺼져 있는 데이터베이스입니다."
    sys.stderr.write(f"{said}\n")


@app.command(help="데이터베이스를 이 프로그램의 스키마로 올립니다.")
def migrate() -> None:
    from core.store.connect import locate_database, migrate_database

    applied = migrate_database(locate_database(load_settings()))
    for name in applied:
        sys.stdout.write(f"{name}\n")
    said = f"{len(applied)}개를 적용했습니다." if applied else "이미 최신입니다."
    sys.stderr.write(f"{said}\n")


@app.command(help="검색 색인을 다시 만들고 죽은 것을 치웁니다. 검색은 그동안에도 됩니다.")
def reindex() -> None:
    from core.wiring.etl import reindex as rebuild

    rebuilt = rebuild(load_settings())
    sys.stderr.write(f"색인 {len(rebuilt)}개를 다시 만들었습니다.\n")


@app.command(help="접속 주소를 출력합니다. 내장 데이터베이스가 꺼져 있으면 켭니다.")
def url() -> None:
    from core.store.connect import open_database

    sys.stdout.write(f"{open_database(load_settings())}\n")
