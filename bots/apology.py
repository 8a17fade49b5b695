"""What went wrong, as it is told to whoever asked: never in the words of an exception, which name hosts."""

from bots import texts
from bots.message import Reply, says
from core.errors import FingerprintMismatch, InputError, ModelError, StoreError


def apology(error: BaseException) -> Reply:
    """What a person is told when their message was given up; InputError alone is written for them."""
    match error:
        case InputError():
            return says(str(error))
        case FingerprintMismatch():
            return says(texts.MAINTENANCE)
        case StoreError():
            return says(texts.STORE_DOWN)
        case ModelError():
            return says(texts.MODEL_DOWN)
        case TimeoutError():
            return says(texts.SLOW)
    return says(texts.FAILED)
