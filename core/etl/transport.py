"""How calls reach OpenDART: TLS as its origin wants it, the proxies of the system, the key below httpx."""

import ssl
from urllib.request import getproxies, proxy_bypass

import httpx
from pydantic import SecretStr

from core.errors import InputError

_HOST = "opendart.fss.or.kr"


def open_transport(base: httpx.URL, key: SecretStr) -> httpx.AsyncBaseTransport:
    """Raises InputError for a proxy address that cannot be used; never with the address in it.

    httpx itself reads no proxy variables for a transport that is given to it.
    """
    # plain http, to a double, needs no certificates: reading them takes 0.1 s
    verify = tls_context() if base.host == _HOST else base.scheme == "https"
    try:
        inner = httpx.AsyncHTTPTransport(verify=verify, proxy=_proxy(base))
    except (ImportError, ValueError, httpx.InvalidURL):
        raise InputError(
            f"{base.scheme.upper()}_PROXY의 프록시를 쓸 수 없습니다:"
            " http://주소:포트 꼴인지 보거나 NO_PROXY에 OpenDART를 더하세요."
        ) from None
    return _Keyed(inner, key)


def tls_context() -> ssl.SSLContext:
    """For opendart.fss.or.kr alone, whose origin was seen to accept only RSA key exchange, which
    Python's own list leaves out (kenshin579/opendart-go, cpaikr/opendart). Certificates are checked.
    """
    context = ssl.create_default_context()
    context.set_ciphers("DEFAULT@SECLEVEL=2")
    return context


def _proxy(base: httpx.URL) -> str | None:
    """HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY names the host."""
    proxies = getproxies()
    address = proxies.get(base.scheme) or proxies.get("all")
    if not address or proxy_bypass(base.netloc.decode("ascii")):
        return None
    return address if "://" in address else f"http://{address}"


class _Keyed(httpx.AsyncBaseTransport):
    """Adds the key below the client: no request, response, error or log of httpx ever holds it."""

    def __init__(self, inner: httpx.AsyncBaseTransport, key: SecretStr) -> None:
        self._inner = inner
        self._key = key

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_add_param("crtfc_key", self._key.get_secret_value())
        return await self._inner.handle_async_request(
            httpx.Request(request.method, url, headers=request.headers, extensions=request.extensions)
        )

    async def aclose(self) -> None:
        await self._inner.aclose()
