"""A job on the partitions of a query, with the state and the position of each in Spark's state store."""

import json
from collections.abc import Callable, Iterator, Sequence

from pyspark.sql import Row
from pyspark.sql.streaming import StatefulProcessor, StatefulProcessorHandle

from batch_sink import Given
from partition_job import Message, PartitionJob, Result, Sent
from partition_work import Stand, Worked, stand_of, work_through

# A row of it is a result, or where it names no topic, how its partition stands.
output_type = "topic STRING, partition INT, key STRING, value STRING, sentAtMs DOUBLE, phase STRING"

_Output = Row("topic", "partition", "key", "value", "sentAtMs", "phase")


class PartitionProcessor(StatefulProcessor):
    """
    The key is the partition, and windows are the job's own. Spark's watermark is one for all partitions and moves from a
    batch to the next: which event is late would hang on what a batch happened to hold, and on how far others had been read.
    """

    def __init__(self, job_of: Callable[[], PartitionJob]):
        self._job_of = job_of

    def init(self, handle: StatefulProcessorHandle) -> None:
        self._state = handle.getMapState("state", "key STRING", "value STRING")
        self._position = handle.getValueState("position", "next LONG")

    def handleInputRows(self, key, rows, timerValues) -> Iterator[Row]:
        (partition,) = key
        position = self._position.get()
        before = self._stored()
        job = self._job_of()
        worked = work_through(
            job,
            partition,
            None if position is None else position[0],
            before,
            (Message(partition, row["offset"], bytes(row["value"])) for row in rows),
        )
        for change in worked.outcome.changes:
            if change.value is None:
                self._state.removeKey((change.key,))
            else:
                self._state.updateValue((change.key,), (change.value,))
        self._position.update((worked.end,))
        return _rows_of(worked, stand_of(job, partition, worked, before, self._stored()))

    def close(self) -> None:
        pass

    def _stored(self) -> dict[str, str]:
        return {key: value for (key,), (value,) in self._state.iterator()}


def _rows_of(worked: Worked, stand: Stand) -> Iterator[Row]:
    for to, key, value, (at_ms, phase) in worked.outcome.results:
        yield _Output(to, stand.partition, key, value, at_ms, phase)
    yield _Output(None, stand.partition, "", json.dumps(stand), None, "")


def read_output(rows: Sequence[Row]) -> tuple[list[Given], list[Stand]]:
    """What such rows say."""
    results: list[Given] = []
    stands: list[Stand] = []
    for topic, partition, key, value, at_ms, phase in rows:
        if topic is None:
            stands.append(Stand(*json.loads(value)))
        else:
            results.append(Given(partition, Result(topic, key, value, Sent(at_ms, phase))))
    return results, stands
