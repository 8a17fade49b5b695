"""What /readyz asks: database, queue, signs of life, freshness of the filings, the model."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from bots.check import Check
from bots.health import Probe
from core.errors import GongsiError
from core.inbox import Inbox
from core.korean import korean_time
from core.settings import Settings

_LATE = timedelta(seconds=60)  # a message that waited so long is being answered by nobody
_DEAD = timedelta(seconds=90)


def probes(settings: Settings, inbox: Inbox, parts: Collection[str]) -> list[Probe]:
    """`parts`: what must have given a sign of life on some host: `worker`, and the adapters that receive."""

    async def queue() -> Check:
        """Also tells whether the database answers."""
        oldest = await inbox.oldest()
        late = oldest is not None and oldest > _LATE
        waited = oldest.total_seconds() if oldest else 0.0
        return Check("inbox", "fail" if late else "ok", f"가장 오래 기다린 메시지 {waited:.0f}초")

    async def alive() -> Check:
        heard = {beat.part for beat in await inbox.heartbeats() if beat.age < _DEAD}
        silent = sorted(set(parts) - heard)
        return Check(
            "parts",
            "fail" if silent else "ok",
            f"소식 없음: {', '.join(silent)}" if silent else "모두 소식 있음",
        )

    async def freshness() -> Check:
        from core.wiring.checks import last_refresh

        if not settings.dart.key.get_secret_value():
            return Check("freshness", "off", "새 공시를 받지 않습니다")
        at = await asyncio.to_thread(last_refresh, settings)
        old = at is None or datetime.now(UTC) - at > timedelta(hours=settings.schedule.stale_hours)
        said = f"마지막으로 받은 때 {korean_time(at):%Y-%m-%d %H:%M}" if at else "아직 받은 적 없음"
        return Check("freshness", "warn" if old else "ok", said)

    async def model() -> Check:
        from core.wiring.checks import check_model

        if settings.llm.backend == "extractive":
            return Check("model", "off", "추출 작성기")
        try:
            await check_model(settings)
        except GongsiError as error:  # the extractive writer stands in
            return Check("model", "warn", str(error))
        return Check("model", "ok", settings.llm.model)

    return [("inbox", queue), ("parts", alive), ("freshness", freshness), ("model", model)]
