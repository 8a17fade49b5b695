"""A loopback Telegram: the Bot API 10.0 as far as the bot uses it, its limits, its faults and its people.

Behaviour and wording of errors follow core.telegram.org/bots/api, tdlib/telegram-bot-api and TDLib, as far as
notes/bots.md could tell; stricter where Telegram repairs in silence (entities that cross each other).

    async with TelegramDouble() as telegram:
        telegram.user_says(42, "가온전자 매출액은?")
        ...                                     # a bot at telegram.url answers
        telegram.texts(42)

`python -m tests.doubles.telegram --port 8081` serves it in a process of its own; `POST /control/user_says`
with the arguments as JSON then calls the same methods.
"""

from tests.doubles.telegram.faults import Faults
from tests.doubles.telegram.flood import Limits
from tests.doubles.telegram.server import TelegramDouble
from tests.doubles.telegram.world import Chat, Shown

__all__ = ["Chat", "Faults", "Limits", "Shown", "TelegramDouble"]
