"""Telegram's HTTP by aiohttp.

python-telegram-bot's own transport (httpx) took 3.7 to 12 ms of CPU for a message, growing with its pool;
this one takes 0.6 (notes/bots.md).
"""

import json
from typing import Any

import aiohttp
from pydantic import SecretStr
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData


class AiohttpRequest(BaseRequest):
    """`root` is `https://api.telegram.org`; the token is put into the path here and nowhere else.

    The library never has the token: it would write it into its log (`Set Bot API URL: …` at DEBUG), into
    `InvalidToken` and into `repr(bot)`. The URLs that it hands over begin at the method (`/sendMessage`).
    """

    def __init__(self, root: str, token: SecretStr, *, connections: int, read_timeout: float = 5.0) -> None:
        self._root = f"{root.rstrip('/')}/bot"
        self._token = token
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Raises TimedOut and NetworkError: whether the call was applied is not known then.

        Their texts and causes name no URL, which holds the token. Only `read_timeout` is heeded.
        """
        if self._session is None:
            raise NetworkError("not initialized")
        seconds = self.read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        try:
            async with self._session.request(
                method,
                self._root + self._token.get_secret_value() + url,
                data=_body(request_data) if request_data else None,
                headers={"User-Agent": self.USER_AGENT},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=5.0, sock_read=seconds),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """As the library's, without writing the payload (a gateway's page, people's messages) to the log."""
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or "ok" not in answer:
            raise TelegramError("Invalid server response")
        return answer


def _body(request_data: RequestData) -> dict[str, str] | aiohttp.FormData:
    files = request_data.multipart_data
    if not files:
        return request_data.json_parameters
    form = aiohttp.FormData(quote_fields=False)  # names of files in Korean, as they are
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in files.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form
