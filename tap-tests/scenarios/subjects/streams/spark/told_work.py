"""Tells of some work, as a query does: two partitions, a failure, and one of them again."""

import contextlib
import io
import json

from batch_sink import Given
from partition_job import Result, Sent
from partition_work import Stand
from work_record import LatencyCounts, WorkRecord, now_ms


def stand(partition: int, start: int, end: int) -> Stand:
    return Stand(partition, start, end, 7, {"events": end}, {"feature": 100 + partition}, 3)


def given(partition: int, ago_ms: float | None, phase: str) -> Given:
    at_ms = None if ago_ms is None else now_ms() - ago_ms
    return Given(partition, Result("features", "key", "{}", Sent(at_ms, phase)))


record = WorkRecord(now_ms() - 1_000)
record.session(stand(0, 0, 10), 0)
record.session(stand(1, 0, 10), 0)
with contextlib.redirect_stdout(io.StringIO()) as said:
    record.committed(
        [given(0, 400, "steady"), given(0, 40, "steady"), given(1, None, "before")],
        [stand(0, 0, 10), stand(1, 0, 10)],
    )
    record.ready()
record.session(stand(0, 10, 20), 10)
record.failed("the broker was away")
record.session(stand(0, 10, 20), 20)
counts = LatencyCounts()
for ms in [0.0001, 0.9994, 1.2341, 123.401]:
    counts.record_ms(ms)
print(json.dumps(said.getvalue()))
print(json.dumps(counts.entries))
