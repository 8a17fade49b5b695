"""Telegram: the only package that imports `telegram`.

python-telegram-bot's `RetryAfter` warns of a coming change of its own field each time that it is made, until
one opts in by this variable; where a person set it otherwise, both kinds are understood.
"""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")
