"""A program that answers like the engine, "jawaban: <text>"; its behaviour is told by the DUMMY variable."""

from __future__ import annotations

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer({"status": "ok", "model": "dummy"})

    def do_POST(self) -> None:
        turn = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        message = {"text": f"jawaban: {turn.get('text') or turn['payload']}", "buttons": [], "sources": []}
        understood = {"intent": "greet", "confidence": 0.9, "entities": [], "ranking": []}
        self._answer({"messages": [message], "understood": understood, "memory": "{}"})

    def _answer(self, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


if __name__ == "__main__":
    behaviour = os.environ.get("DUMMY", "")
    if behaviour == "broken":
        print("engine: the model x.tar.gz cannot be loaded: not a gzip file", file=sys.stderr)
        sys.exit(2)
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    port = int(sys.argv[sys.argv.index("--port") + 1])
    HTTPServer(("127.0.0.1", port), Handler).serve_forever()
