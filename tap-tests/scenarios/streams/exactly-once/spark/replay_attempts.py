"""
Batches through the sinks, on a log that is none of Kafka's: a line of standard input is a case, with the sink (`once` or
`plain`), how the log answers, and where it is killed. Afterwards what the log has and each posting's attempt, a line a case.
"""

import json
import sys
from pathlib import Path

from attempt_log import AttemptLog
from attempts import Attempts
from batch_sink import BatchSink, Given, ToldWhenDone
from partition_job import Result, Sent
from partition_work import Stand
from plain_sink import PlainSink


class Killed(BaseException):
    """Nothing is told after it."""


class Refused(Exception):
    pass


class Log:
    last_batch = None

    def __init__(self, how: str):
        self.positions = {}
        self.there = []
        self._how = how

    def write(self, batch, results, stands, before_commit):
        if self._how == "cut":
            raise OSError("cut")
        before_commit()
        if self._how == "refused":
            raise Refused("another has it")
        self.put(results)
        if self._how == "unanswered":
            raise OSError("cut")

    def put(self, results):
        if self._how == "cut":
            raise OSError("cut")
        self.there += [(given.partition, given.headers["attempt"]) for given in results]

    def is_refusal(self, error):
        return isinstance(error, Refused)


class Reporter:
    def session(self, stand, position): ...

    def committed(self, results, stands): ...


def posting(partition: int, offset: int) -> Given:
    return Given(partition, Result("postings", "account", json.dumps({"offset": offset}), Sent(None, "")))


results = [posting(2, 5), posting(0, 9), posting(2, 6)]
stands = [Stand(2, 5, 7, None, {}, {}, 0), Stand(0, 9, 10, None, {}, {}, 0)]

for line in sys.stdin:
    name, kind, how, killed_at = json.loads(line)
    log = Log(how)

    def reach(step: str) -> None:
        if step == killed_at:
            raise Killed

    attempts = Attempts(name, reach, Path("attempts.ndjson"))
    sink = (
        BatchSink(AttemptLog(log, attempts), Reporter(), lambda step: None)
        if kind == "once"
        else PlainSink(log.put, Reporter(), attempts)
    )
    try:
        sink.take(4, results, stands)
        # Whoever keeps the number is not told: what a listener hears of each batch costs.
        assert isinstance(sink, ToldWhenDone) == (kind != "once")
        if isinstance(sink, ToldWhenDone):
            for done in [3] if how == "not-done" else [3, 4, 4]:
                sink.done(done)
    except (Killed, Refused, OSError):
        pass
    print(json.dumps(log.there))
