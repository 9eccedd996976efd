"""A message a line on standard input through the job, in batches, each by a job that the state before was restored to, without any Spark; what each batch gives and changes, and at last what is left."""

import json
import os
import sys

from feature_job import FeatureJob, Options
from partition_job import Message
from partition_work import stand_of, work_through

options = Options(
    window_ms=int(os.environ["WINDOW_MS"]),
    delay_ms=int(os.environ["DELAY_MS"]),
    lateness_ms=int(os.environ["LATENESS_MS"]),
    tells_late=os.environ["TELLS_LATE"] == "true",
)
batch_count = int(os.environ["BATCH_COUNT"])
state: dict[str, str] = {}
position = None
messages = [
    Message(0, offset, line.rstrip(b"\n")) for offset, line in enumerate(sys.stdin.buffer)
]
for start in range(0, len(messages), batch_count):
    # In whatever order.
    batch = reversed(messages[start : start + batch_count])
    job = FeatureJob(options)
    before = dict(state)
    worked = work_through(job, 0, position, before, batch)
    results, changes = worked.outcome
    position = worked.end
    for key, value in changes:
        if value is None:
            state.pop(key, None)
        else:
            state[key] = value
    for to, key, value, cause in results:
        print(json.dumps([to, key, value, cause.at_ms, cause.phase], ensure_ascii=False))
    print(json.dumps([list(change) for change in changes], ensure_ascii=False))
print(json.dumps(stand_of(job, 0, worked, before, state)._asdict()))
print(json.dumps(job.left({**state, "feature/0/user-1": "{}"})))
