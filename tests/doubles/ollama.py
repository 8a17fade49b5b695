"""A loopback Ollama with canned text and faults on demand; shapes as in ollama/ollama fb30760."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

NOW = "2026-11-22T10:10:59.564107Z"


@dataclass
class Ollama:
    """What the server says: what `reply` makes of the user's message, else `pieces`.

    `fault`: "", a status, or one of the names in `_chat`.
    """

    fault: str = ""
    models: tuple[str, ...] = ("m:latest",)
    pieces: tuple[str, ...] = ("매출액은 ", "100억원", "입니다.")
    capabilities: tuple[str, ...] = ("completion",)
    context: int = 131072  # what the model was trained for
    room: int = 131072  # what the server gives, whatever is asked
    reply: Callable[[str], Iterable[str]] | None = None
    host: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    def prompt_tokens(self, body: dict[str, Any]) -> int:
        """One token per character; too long is cut in silence to about half of the context."""
        count = sum(len(m["content"]) for m in body["messages"])
        context = min(int(body["options"]["num_ctx"]), self.context, self.room)
        return count if count <= context else context - max((context - 5) // 2, 1)


def _listed(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "model": name,
        "modified_at": NOW,
        "size": 2019393189,
        "digest": "a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72",
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": "llama",
            "families": ["llama"],
            "parameter_size": "3.2B",
            "quantization_level": "Q4_K_M",
        },
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double: Ollama

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _json(self, value: object, status: int = 200) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _line(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def do_GET(self) -> None:
        if self.double.fault == "hang":
            self.double.closing.wait(30)
            self.close_connection = True
        elif self.double.fault == "drip":  # a byte now and then: no single read ever times out
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            try:
                while not self.double.closing.wait(0.1):
                    self.wfile.write(b" ")
            except OSError:
                pass
            self.close_connection = True
        elif self.path == "/api/tags":
            self._json({"models": [_listed(name) for name in self.double.models]})
        else:
            self._json({"error": "not found"}, 404)

    def do_POST(self) -> None:
        # Closing with unread bytes resets the connection, which is another fault than asked for.
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        double, name = self.double, body["model"]
        if f"{name}:latest" not in double.models and name not in double.models:
            self._json({"error": f"model '{name}' not found"}, 404)
        elif self.path == "/api/show" and double.fault == "show":
            double.closing.wait(30)
            self.close_connection = True
        elif self.path == "/api/show":
            self._json(
                {
                    "details": {},
                    "model_info": {
                        "general.architecture": "llama",
                        "llama.context_length": double.context,
                    },
                    "capabilities": list(double.capabilities),
                    "modified_at": NOW,
                }
            )
        else:
            double.requests.append(body)
            self._chat(body)

    def _chat(self, body: dict[str, Any]) -> None:
        double, fault = self.double, self.double.fault
        if fault.isdigit():
            self._json({"error": "server busy, please try again.  maximum pending"}, int(fault))
            return
        if body.get("think") and "thinking" not in double.capabilities:
            self._json({"error": f'"{body["model"]}" does not support thinking'}, 400)
            return
        if body.get("stream") is False:
            if fault == "stall":
                double.closing.wait(30)
            pieces = double.reply(body["messages"][-1]["content"]) if double.reply else double.pieces
            message = {"role": "assistant", "content": "".join(pieces)}
            done = {"done": True, "done_reason": "stop", "prompt_eval_count": double.prompt_tokens(body)}
            self._json({"model": body["model"], "created_at": NOW, "message": message, **done})
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        thinks = "thinking" in double.capabilities and body.get("think") is not False
        record: dict[str, Any] = {"model": body["model"], "created_at": NOW}
        pieces = double.reply(body["messages"][-1]["content"]) if double.reply else double.pieces
        for at, piece in enumerate(pieces):
            if fault == "trickle" and double.closing.wait(0.1):
                return
            content = "" if fault == "empty" or thinks else piece
            message = {"role": "assistant", "content": content}
            if thinks:
                message["thinking"] = piece
            self._record(record | {"message": message, "done": False})
            if at == 0 and fault in {"stall", "error", "cut", "garbage"}:
                self._break(fault)
                return
        if fault != "undone":
            self._record(
                record
                | {
                    "message": {"role": "assistant", "content": ""},
                    "done": True,
                    "done_reason": "length" if fault == "length" else "stop",
                    "prompt_eval_count": double.prompt_tokens(body),
                    "eval_count": len(double.pieces),
                }
            )
        self.wfile.write(b"0\r\n\r\n")

    def _record(self, value: dict[str, Any]) -> None:
        self._line(json.dumps(value, ensure_ascii=False).encode() + b"\n")

    def _break(self, fault: str) -> None:
        self.close_connection = True
        if fault == "stall":
            self.double.closing.wait(30)
        elif fault == "error":
            self._record({"error": "an error was encountered while running the model"})
            self.wfile.write(b"0\r\n\r\n")
        elif fault == "garbage":
            self._line(b"<html>\n")
            self.wfile.write(b"0\r\n\r\n")


@contextmanager
def serve(double: Ollama) -> Iterator[Ollama]:
    handler = type("Handler", (_Handler,), {"double": double})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    double.host = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield double
    finally:
        double.closing.set()
        time.sleep(0.01)
        server.shutdown()
        server.server_close()
        thread.join()
