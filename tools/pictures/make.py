"""README's pictures, drawn from what the bot would send to Telegram over the bundled samples.

`python -m tools.pictures.make` writes docs/pictures/*.svg. The digest tells filings of several days as if
they had come on one: no two of the samples did.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from bots.commands.etl import import_paths
from bots.conversation import Conversation, open_conversation
from bots.digest import digest_reply
from bots.histories import read_histories, replayed
from bots.jobs import open_sending
from bots.level_picture import picture as level_picture
from bots.message import Incoming, Place, Reply
from bots.telegram.rendering import TelegramPart, render
from core.digest.digest import compose
from core.model import Level
from core.profile.glossary import load_glossary
from core.profile.scorecard import Told
from core.settings import Settings, load_settings
from core.store.embedded import EmbeddedPostgres
from core.wiring.models import build_reader
from tools.pictures.chat import Bubble, Run, columns, picture

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "tests" / "gold" / "profile-b.jsonl"
LEARNER = "b17"
TODAY = date(2025, 11, 24)
QUESTION = "가온전자 2024년 영업이익이 얼마나 늘었어? 왜 그런 거야?"
TOLD = ("20250811800913", "20250609000914", "20250703000915")


async def main(settings: Settings) -> None:
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    drawn: list[str] = []
    async with open_conversation(settings) as conversation:
        for level in Level:
            bubbles = await _asked(conversation.fixed(level, TODAY), QUESTION)
            drawn.append(picture(f"공시톡 · {level.korean}", bubbles))
            (folder / f"{level}.svg").write_text(drawn[-1])
    (folder / "levels.svg").write_text(columns([[drawn[0], drawn[1]], [drawn[2], level_picture(_learner())]]))
    async with open_sending(settings) as (_, sending):
        received = await sending.outbox.received(TOLD)
        digest = compose(received, date(2025, 8, 11), Level.BEGINNER, settings.digest.items, load_glossary())
        shown = list(_bubbles(digest_reply(digest)))
        (folder / "digest.svg").write_text(picture("공시톡 · 하루 요약", shown))


def _learner() -> Told:
    """Somebody who learns, as the estimate followed them."""
    (row,) = (one for one in read_histories(HISTORIES) if one["user"] == LEARNER)
    beliefs = [belief for _, belief in replayed(row, build_reader())]
    shares = [(one.beginner, one.intermediate, one.advanced) for one in beliefs]
    return Told(row, [one.level for one in beliefs], shares, {})


async def _asked(conversation: Conversation, text: str) -> list[Bubble]:
    async def show(_: str) -> None: ...

    place = Place("telegram", "42")
    incoming = Incoming(uuid4().hex, "message", place, "telegram:42", text, datetime.now(UTC), message="1")
    reply = await conversation.reply(incoming, show)
    if reply is None:
        raise RuntimeError("no reply")
    return [Bubble([Run(text)], mine=True), *_bubbles(reply)]


def _bubbles(reply: Reply) -> Iterator[Bubble]:
    for part in render(reply, ()):
        rows = part.keyboard.inline_keyboard if part.keyboard else ()
        yield Bubble(list(_runs(part)), buttons=[[button.text for button in row] for row in rows])


def _runs(part: TelegramPart) -> Sequence[Run]:
    """The text cut where an entity begins or ends; offsets are UTF-16 units."""
    units = part.text.encode("utf-16-le")
    cuts = {0, len(units) // 2}
    for entity in part.entities:
        cuts |= {entity.offset, entity.offset + entity.length}
    runs = []
    for begin, end in zip(sorted(cuts), sorted(cuts)[1:], strict=False):
        kinds = {e.type for e in part.entities if e.offset <= begin and end <= e.offset + e.length}
        text = units[begin * 2 : end * 2].decode("utf-16-le")
        runs.append(Run(text, "bold" in kinds, "text_link" in kinds, bool(kinds & {"code", "pre"})))
    return runs


if __name__ == "__main__":
    with TemporaryDirectory(prefix="gongsi-pictures-") as name:
        data = Path(name)
        server = EmbeddedPostgres(data / "postgres")
        shipped = load_settings()
        chosen = shipped.model_copy(
            update={
                "database": shipped.database.model_copy(update={"url": server.start()}),
                "paths": shipped.paths.model_copy(update={"data": data}),
                "llm": shipped.llm.model_copy(update={"backend": "extractive"}),
            }
        )
        import_paths([ROOT / "samples"], chosen, quiet=True)
        asyncio.run(main(chosen))
        server.stop()
