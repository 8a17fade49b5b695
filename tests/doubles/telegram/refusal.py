"""What the Bot API answers instead of a result."""

from typing import Any


class Refusal(Exception):
    """`parameters` as in core.telegram.org/bots/api#responseparameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


def bad_request(why: str, **parameters: Any) -> Refusal:
    return Refusal(400, f"Bad Request: {why}", **parameters)
