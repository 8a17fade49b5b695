"""Every part of an installation, tried, with the remedy where it fails."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime

import httpx

from bots.check import Check, State
from core.errors import GongsiError
from core.korean import korean_time
from core.settings import Settings

_SECONDS = 10.0
_LEAST_DISK = 5 * 10**9  # bytes; a year of one market takes far more (README, 잰 값)


async def examine(settings: Settings) -> AsyncIterator[Check]:
    """Checks in the order in which they depend on each other; one that fails stops none of the others."""
    yield await _guarded("데이터베이스", _database(settings), "gongsi db start; 밖의 서버라면 database.url")
    yield await _guarded("공시", _filings(settings), "gongsi etl import 폴더/, 또는 gongsi etl refresh")
    yield await _guarded("색인", _index(settings), "gongsi etl load --reembed")
    yield await _guarded(
        "언어 모델", _model(settings), "ollama serve, ollama pull; llm.ollama_host, llm.model"
    )
    yield await _guarded(
        "OpenDART", _dart(settings), "https://opendart.fss.or.kr 에서 키를 받아 GONGSI_DART__KEY"
    )
    yield await _guarded("텔레그램", _telegram(settings), "@BotFather의 토큰을 GONGSI_TELEGRAM__TOKEN에")
    yield await _guarded(
        "슬랙", _slack(settings), "앱의 토큰을 GONGSI_SLACK__BOT_TOKEN과 GONGSI_SLACK__APP_TOKEN에"
    )
    yield _access(settings)
    yield _disk(settings)
    yield _port(settings)


async def _guarded(name: str, check: Awaitable[Check], remedy: str) -> Check:
    try:
        return await check
    except GongsiError as error:
        return Check(name, "fail", str(error), remedy)
    except (httpx.HTTPError, TimeoutError):  # their texts hold the URL, and so the token
        return Check(name, "fail", "서버가 답하지 않습니다.", "인터넷 연결과 api_base_url을 확인하세요")


async def _database(settings: Settings) -> Check:
    from core.wiring.checks import check_database

    return Check("데이터베이스", "ok", await asyncio.to_thread(check_database, settings))


async def _filings(settings: Settings) -> Check:
    from core.wiring.checks import last_refresh
    from core.wiring.etl import newest_filing, states

    counts = await asyncio.to_thread(states, settings)
    newest = await asyncio.to_thread(newest_filing, settings)
    if newest is None:
        return Check(
            "공시", "warn", "아직 한 건도 없습니다", "gongsi etl import 폴더/, 또는 gongsi etl refresh"
        )
    refreshed = await asyncio.to_thread(last_refresh, settings)
    said = f"{counts.get('loaded', 0):,}건, 가장 새것은 {newest:%Y-%m-%d}"
    if refreshed is None:
        return Check("공시", "ok", f"{said} (DART에서 받은 적 없음)")
    old = (datetime.now(UTC) - refreshed).total_seconds() / 3600 > settings.schedule.stale_hours
    said += f", 마지막으로 받은 때 {korean_time(refreshed):%Y-%m-%d %H:%M}"
    return Check("공시", "warn" if old else "ok", said, "gongsi etl refresh" if old else "")


async def _index(settings: Settings) -> Check:
    from core.wiring.checks import check_index

    await asyncio.to_thread(check_index, settings)
    return Check("색인", "ok", f"{settings.embedding.kind}의 벡터와 맞습니다")


async def _model(settings: Settings) -> Check:
    from core.wiring.checks import check_model

    if settings.llm.backend == "extractive":
        return Check("언어 모델", "off", "쓰지 않습니다(추출 작성기)")
    try:
        await check_model(settings)
    except GongsiError as error:
        if settings.llm.backend == "ollama":
            raise
        remedy = f"모델로 쓰게 하려면: ollama serve, ollama pull {settings.llm.model}"
        return Check("언어 모델", "warn", f"{error} 추출 작성기가 대신 씁니다", remedy)
    return Check("언어 모델", "ok", f"Ollama {settings.llm.model}")


async def _dart(settings: Settings) -> Check:
    from core.wiring.checks import check_dart

    if not settings.dart.key.get_secret_value():
        return Check(
            "OpenDART",
            "off",
            "인증키가 없어 새 공시를 받지 않습니다",
            "https://opendart.fss.or.kr, GONGSI_DART__KEY",
        )
    await check_dart(settings)
    if not settings.universe.companies and not settings.universe.file:
        return Check(
            "OpenDART", "warn", "키는 맞지만 모을 회사가 없습니다", "universe.companies에 종목코드를 적으세요"
        )
    return Check("OpenDART", "ok", "인증키가 맞습니다")


async def _telegram(settings: Settings) -> Check:
    ours = settings.telegram
    token = ours.token.get_secret_value()
    if not token:
        return Check(
            "텔레그램", "off", "토큰이 없어 쓰지 않습니다", "@BotFather의 토큰을 GONGSI_TELEGRAM__TOKEN에"
        )
    base = f"{ours.api_base_url.rstrip('/')}/bot{token}"
    async with httpx.AsyncClient(timeout=_SECONDS) as http:
        me = (await http.get(f"{base}/getMe")).json()
        if not me.get("ok"):
            return Check("텔레그램", "fail", "토큰이 맞지 않습니다", "@BotFather → /token 으로 다시 받으세요")
        hook = (await http.get(f"{base}/getWebhookInfo")).json().get("result", {})
    name = f"@{me['result'].get('username')}"
    if ours.mode == "webhook" and not ours.webhook_url.startswith("https://"):
        return Check(
            "텔레그램", "fail", f"{name}: webhook인데 주소가 없습니다", "telegram.webhook_url에 https 주소를"
        )
    if ours.mode == "polling" and hook.get("url"):
        return Check(
            "텔레그램",
            "warn",
            f"{name}: 다른 곳에 webhook이 걸려 있습니다",
            "serve가 시작하며 풉니다; 두 곳에서 켜지 마세요",
        )
    if ours.groups == "mention" and not me["result"].get("can_read_all_group_messages"):
        said = f"{name} (그룹에서는 명령과 답장만 옵니다)"
        remedy = (
            "@로 부르는 말도 받으려면 @BotFather → /setprivacy → Disable, 그리고 그룹에 봇을 다시 넣으세요"
        )
        return Check("텔레그램", "ok", said, remedy)
    return Check("텔레그램", "ok", name)


async def _slack(settings: Settings) -> Check:
    from bots.slack.adapter import check_slack

    ours = settings.slack
    if not ours.bot_token.get_secret_value() and not ours.client_id:
        return Check("슬랙", "off", "토큰이 없어 쓰지 않습니다", "gongsi slack manifest 로 앱을 만드세요")
    if ours.mode == "http" and not ours.signing_secret.get_secret_value():
        return Check(
            "슬랙", "fail", "http인데 서명 비밀이 없습니다", "앱의 Basic Information → Signing Secret"
        )
    return Check("슬랙", "ok", await check_slack(ours))


def _access(settings: Settings) -> Check:
    if settings.access.allow:
        return Check("접근", "ok", f"{len(settings.access.allow)}곳에만 답합니다")
    quota = settings.access.daily_questions
    return Check("접근", "warn", f"누구에게나 답합니다(한 사람 하루 {quota:,}번)", "좁히려면 access.allow")


def _disk(settings: Settings) -> Check:
    folder = settings.paths.data
    while not folder.exists():
        folder = folder.resolve().parent
    free = shutil.disk_usage(folder).free
    state: State = "ok" if free >= _LEAST_DISK else "warn"
    return Check(
        "디스크", state, f"{free / 10**9:,.0f} GB 남음", "" if state == "ok" else "paths.data를 넓은 곳으로"
    )


def _port(settings: Settings) -> Check:
    ours = settings.health
    with socket.socket() as probe:
        try:
            probe.bind((ours.host, ours.port))
        except OSError:
            return Check(
                "상태 포트",
                "warn",
                f"{ours.host}:{ours.port}를 다른 프로그램이 씁니다",
                "serve가 돌고 있거나, health.port",
            )
    return Check("상태 포트", "ok", f"{ours.host}:{ours.port}")
