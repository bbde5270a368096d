"""A program that answers the engine's health question; its behaviour is told by the DUMMY variable."""

from __future__ import annotations

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"status": "ok", "model": "dummy"}'
        self.send_response(200)
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
