"""The validator as a process: `STORE_URL=postgres://… FLT_PORT=8091 python serve.py`. It writes pages below the folder that it is started in.

    POST /validate {"batch":7,"table":"batch_7_1","day":"2026-01-08","rowCount":200}
    200 {"verdict":"blocked","findings":[{"columns":["email"],"rule":"format","detail":"…"}],"page":"batch-7.html","tookMs":{…}}
    503 {"reason":"…"}: there is no verdict, ask again
"""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Nothing of it is anybody else's affair, and a call home that is blocked takes seconds.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"

began = time.perf_counter()

from judge import NoVerdict  # noqa: E402: the slow imports are timed
from steps import Steps  # noqa: E402
from store import answer_within  # noqa: E402
from validator import Validator  # noqa: E402

pages_folder = Path("pages")


def handler_of(validator: Validator, reach, start_ms: float) -> type[BaseHTTPRequestHandler]:
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(200, {"startMs": start_ms}) if self.path == "/health" else self._answer(404, {})

        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with one_at_a_time:
                reach("asked")
                try:
                    said = validator.validate(asked["batch"], asked["table"], asked["day"], asked["rowCount"])
                    self._answer(200, said)
                except NoVerdict as none:
                    self._answer(503, {"reason": str(none)})

        def _answer(self, status: int, said: dict) -> None:
            body = json.dumps(said).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, *_):
            pass

    return Handler


if __name__ == "__main__":
    answer_within(float(os.environ.get("PATIENCE_MS", "10000")) / 1000)
    reach = Steps().reach
    validator = Validator(os.environ["STORE_URL"], pages_folder, reach)
    start_ms = 1000 * (time.perf_counter() - began)
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("FLT_PORT", "0"))), handler_of(validator, reach, start_ms))
    print(f"FLT_READY {json.dumps({'port': server.server_port})}", flush=True)
    server.serve_forever()
