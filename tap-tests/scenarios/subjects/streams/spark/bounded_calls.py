"""What `within` says of calls that come back, fail, and do neither; a line of JSON for each."""

import json
import threading

from batch_sink import SinkAway
from within import within


def fail() -> None:
    raise ValueError("no such topic")


def told(call):
    try:
        return within(0.2, "commit", call)
    except (SinkAway, ValueError) as error:
        return f"{type(error).__name__}: {error}"


for call in (lambda: 7, lambda: None, fail, threading.Event().wait, lambda: 8):
    print(json.dumps(told(call)))
