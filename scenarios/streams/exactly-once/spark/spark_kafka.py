"""
Postings by Spark's own sink for Kafka, which knows no transactions: what a task has sent is there, whatever becomes of its
batch. It has no step between, so that a batch is written as a whole from within `foreachBatch`.
"""

from collections.abc import Callable, Sequence

from pyspark.sql import SparkSession

from batch_sink import Given
from topics import Topics

_columns = "topic STRING, partition INT, key STRING, value STRING, headers ARRAY<STRUCT<key: STRING, value: BINARY>>"


def writer(
    session: SparkSession, brokers: str, topics: Topics
) -> Callable[[Sequence[Given]], None]:
    def write(results: Sequence[Given]) -> None:
        records = [
            (
                topics.of(result.to),
                partition,
                result.key,
                result.value,
                [(name, value.encode()) for name, value in headers.items()],
            )
            for partition, result, headers in results
        ]
        # One task: two would mix the order of a partition.
        session.createDataFrame(records, _columns).coalesce(1).write.format("kafka").option(
            "kafka.bootstrap.servers", brokers
        ).option("kafka.enable.metrics.push", "false").save()

    return write
