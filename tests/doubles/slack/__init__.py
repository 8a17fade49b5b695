"""A loopback Slack: Web API, Socket Mode, HTTP pushes, OAuth, with Slack's limits and with faults.

In a test: `async with serve() as slack:`, then `slack.people.mention("T1", "C1", "U1", "매출은?")` and
`slack.visible("T1", "C1")`. In a process of its own: `python -m tests.doubles.slack --port 8100`, `Remote`.
Shapes as in docs.slack.dev and java-slack-sdk's json-logs; what Slack does beyond them is unverified.
"""

from tests.doubles.slack.faults import Faults
from tests.doubles.slack.remote import Remote
from tests.doubles.slack.server import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET, Slack, serve
from tests.doubles.slack.workspace import Message

__all__ = [
    "APP_TOKEN",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "SIGNING_SECRET",
    "Faults",
    "Message",
    "Remote",
    "Slack",
    "serve",
]
