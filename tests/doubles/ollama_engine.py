"""A loopback Ollama that makes, keeps and runs models: shapes as in ollama/ollama fb30760.

`python ollama_engine.py FOLDER` (in the fine-tuning environment) runs models by transformers, and prints its
address; in tests without torch an `Engine` of their own answers. The chat template that is used is the one of
the uploaded tokenizer: Go templates are kept and not run.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Protocol

NOW = "2026-11-22T10:10:59.564107Z"


class Engine(Protocol):
    def stream(self, folder: Path, messages: list[dict[str, str]], options: dict[str, Any]) -> Iterator[str]:
        """Pieces of text; the last one is why it stopped (`stop` or `length`)."""
        ...


@dataclass
class Transformers:
    """Greedy at temperature 0, repeatable with a seed; one model in memory at a time."""

    loaded: tuple[Path, Any, Any] | None = None
    lock: Lock = field(default_factory=Lock)

    def stream(self, folder: Path, messages: list[dict[str, str]], options: dict[str, Any]) -> Iterator[str]:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        with self.lock, torch.inference_mode():
            if self.loaded is None or self.loaded[0] != folder:
                made = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
                self.loaded = (folder, made, AutoTokenizer.from_pretrained(folder))
            _, model, tokenizer = self.loaded
            ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
            room = int(options.get("num_ctx", 4096))
            left = min(int(options.get("num_predict", 512)), room - len(ids))
            if left <= 0:
                raise OverflowError(
                    "the prompt is longer than the context length currently available to the model"
                )
            ends = model.generation_config.eos_token_id
            ends = set(ends if isinstance(ends, list) else [ends])
            temperature = float(options.get("temperature", 0.8))
            seed = torch.Generator().manual_seed(int(options.get("seed", 0)))
            past, x, out, sent = None, torch.tensor([ids]), [], ""
            for _ in range(left):
                result = model(x, past_key_values=past, use_cache=True)
                past, logits = result.past_key_values, result.logits[0, -1]
                if temperature == 0:
                    token = int(logits.argmax())
                else:
                    token = int(torch.multinomial((logits / temperature).softmax(-1), 1, generator=seed))
                if token in ends:
                    yield "stop"
                    return
                out.append(token)
                x = torch.tensor([[token]])
                whole = tokenizer.decode(out, skip_special_tokens=True)
                if not whole.endswith("\ufffd"):  # half of a syllable
                    yield whole[len(sent) :]
                    sent = whole
            yield "length"


@dataclass
class Model:
    folder: Path
    made: dict[str, Any]
    context: int = 8192


@dataclass
class Server:
    folder: Path
    engine: Engine
    models: dict[str, Model] = field(default_factory=dict)
    requests: list[tuple[str, Any]] = field(default_factory=list)
    fault: str = ""
    host: str = ""

    def create(self, body: dict[str, Any]) -> None:
        """The files of a model in a folder of their own, by the names they were given."""
        at = self.folder / "models" / f"{len(self.requests)}"
        at.mkdir(parents=True)
        for name, digest in body["files"].items():
            (at / name).hardlink_to(self.folder / "blobs" / digest.replace(":", "-"))
        self.models[full(body["model"])] = Model(at, body)


def full(name: str) -> str:
    return name if ":" in name else f"{name}:latest"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double: Server

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _json(self, value: object, status: int = 200) -> None:
        data = json.dumps(value, ensure_ascii=False).encode() if value is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def do_GET(self) -> None:
        if self.path == "/api/tags":
            self._json({"models": [self._listed(name) for name in self.double.models]})
        elif self.path == "/api/version":
            self._json({"version": "0.30.0"})
        else:
            self._json({"error": "not found"}, 404)

    def _listed(self, name: str) -> dict[str, Any]:
        details = {
            "format": "safetensors",
            "family": "llama",
            "parameter_size": "1M",
            "quantization_level": "F32",
        }
        digest = hashlib.sha256(name.encode()).hexdigest()
        return {
            "name": name,
            "model": name,
            "modified_at": NOW,
            "size": 1,
            "digest": digest,
            "details": details,
        }

    def do_DELETE(self) -> None:
        gone = self.double.models.pop(full(json.loads(self._body())["model"]), None)
        self._json(None, 200 if gone else 404)

    def do_POST(self) -> None:
        raw, double = self._body(), self.double
        if self.path.startswith("/api/blobs/"):
            digest = self.path.rsplit("/", 1)[1]
            if digest != f"sha256:{hashlib.sha256(raw).hexdigest()}":
                self._json({"error": "digest mismatch"}, 400)
                return
            (double.folder / "blobs").mkdir(parents=True, exist_ok=True)
            (double.folder / "blobs" / digest.replace(":", "-")).write_bytes(raw)
            self._json(None, 201)
            return
        body = json.loads(raw)
        double.requests.append((self.path, body))
        if self.path == "/api/create":
            double.create(body)
            self._lines([{"status": "converting model"}, {"status": "success"}])
            return
        name = body.get("source") or body["model"]
        if full(name) not in double.models:
            self._json({"error": f"model '{name}' not found"}, 404)
            return
        model = double.models[full(name)]
        if self.path == "/api/copy":
            double.models[full(body["destination"])] = model
            self._json(None)
        elif self.path == "/api/show":
            info = {"general.architecture": "llama", "llama.context_length": model.context}
            shown = {"details": {}, "model_info": info, "capabilities": ["completion"], "modified_at": NOW}
            self._json(
                {**shown, "template": model.made.get("template", ""), "system": model.made.get("system", "")}
            )
        elif self.path == "/api/chat":
            self._chat(body, model)
        else:
            self._json({"error": "not found"}, 404)

    def _chat(self, body: dict[str, Any], model: Model) -> None:
        messages = body["messages"]
        if messages[0]["role"] != "system" and model.made.get("system"):
            messages = [{"role": "system", "content": model.made["system"]}, *messages]
        options = model.made.get("parameters", {}) | body.get("options", {})
        try:
            pieces = list(self.double.engine.stream(model.folder, messages, options))
        except OverflowError as error:
            self._json({"error": str(error)}, 400)
            return
        except Exception as error:
            self._json({"error": f"{type(error).__name__}: {error}"}, 500)
            return
        *texts, reason = pieces
        head = {"model": body["model"], "created_at": NOW}
        done = {
            "done": True,
            "done_reason": reason,
            "prompt_eval_count": sum(len(m["content"]) for m in messages),
        }
        if body.get("stream", True):
            said = [{**head, "message": {"role": "assistant", "content": t}, "done": False} for t in texts]
            self._lines([*said, {**head, "message": {"role": "assistant", "content": ""}, **done}])
        else:
            self._json({**head, "message": {"role": "assistant", "content": "".join(texts)}, **done})

    def _lines(self, records: list[dict[str, Any]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for record in records:
            data = json.dumps(record, ensure_ascii=False).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.write(b"0\r\n\r\n")


@contextmanager
def serve(double: Server) -> Iterator[Server]:
    handler = type("Bound", (Handler,), {"double": double})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    double.host = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    with serve(Server(Path(sys.argv[1]), Transformers())) as running:
        print(running.host, flush=True)
        sys.stdin.read()  # until whoever started it goes away
