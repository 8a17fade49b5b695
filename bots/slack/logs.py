"""The libraries' logger: slack_sdk and slack_bolt write tokens, tickets and people's texts into theirs.

At DEBUG they write every request and answer (OAuth's with tokens), at ERROR the address of a socket with its
ticket. A logger of our own, handed to each, has its own level whatever the root's is, and a filter behind it.
"""

import logging
import re

_SECRET = re.compile(r"(xox[a-z]?[.\-]|xapp-|ticket=|code(?:=|: )|token=)[^\s'\"&,)>]+")


class _Redacted(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "Cannot write to closing transport" in said:
            return False  # an acknowledgement that a broken socket did not take: Slack delivers again
        if record.exc_info and record.exc_info[0]:
            said += f" [{record.exc_info[0].__name__}]"  # its own text and the frames may hold anything
        record.msg, record.args = _SECRET.sub(r"\1…", said), ()
        record.exc_info = record.exc_text = None
        return True


def library_logger() -> logging.Logger:
    """slack_bolt copies level and filters onto each of its own loggers."""
    logger = logging.getLogger("gongsi.slack")
    if not logger.filters:
        logger.addFilter(_Redacted())
        logger.setLevel(logging.WARNING)
    return logger
