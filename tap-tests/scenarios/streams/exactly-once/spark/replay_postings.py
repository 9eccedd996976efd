"""
The payments of one partition through the job, without any Spark: a line of standard input is an offset with a payment, and
BATCH_COUNT of them are a batch, each by a job that the state before was restored to. What is given, and how many records of
the state there are in the end.
"""

import json
import os
import sys

from partition_job import Message
from partition_work import work_through
from posting_job import PostingJob

partition = 3
batch_count = int(os.environ["BATCH_COUNT"])
payments = [json.loads(line) for line in sys.stdin]
messages = [Message(partition, offset, payment.encode()) for offset, payment in payments]
state: dict[str, str] = {}
position = None
for start in range(0, len(messages), batch_count):
    # In whatever order.
    batch = reversed(messages[start : start + batch_count])
    worked = work_through(PostingJob(), partition, position, dict(state), batch)
    position = worked.end
    state.update(worked.outcome.changes)
    for to, key, value, _ in worked.outcome.results:
        print(json.dumps([to, key, value]))
print(len(state))
