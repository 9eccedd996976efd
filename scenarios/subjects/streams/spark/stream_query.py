"""
Runs a job on the partitions of a topic, as a query of Spark's Structured Streaming. It is told what the members of a consumer
group are told, brokers by FLT_PATH_LOG and the prefix of names by FLT_TOPIC_PREFIX; besides, SPARK_MASTER, BATCH_MS and
PARALLELISM. Where it is told nothing else its results are there when the transaction is that their batch is of, once. One that
is started again goes on from the checkpoint in its folder.
"""

import faulthandler
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from confluent_kafka import KafkaException
from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

from batch_sink import BatchSink, Sink, SinkAway
from done_batches import DoneBatches
from kafka_log import KafkaLog
from partition_job import PartitionJob
from partition_processor import PartitionProcessor, output_type, read_output
from spark_session import session_of
from steps import Steps
from topics import Topics
from variables import number, text
from work_record import WorkRecord, now_ms

# A batch is in memory as a whole, and is what is done again after a kill.
_messages_in_batch_max = 20_000

_again_after_s = 0.5


OpenSink = Callable[[SparkSession, WorkRecord], Sink]


def once_in_kafka(topics: Topics) -> OpenSink:
    steps = Steps()
    return lambda session, record: BatchSink(KafkaLog(brokers(), topics), record, steps.reach)


def run(topics: Topics, job_of: Callable[[], PartitionJob], open_sink: OpenSink) -> None:
    """Ends with the process: at once when it is told to, for a checkpoint and what is committed is all that it takes to go on."""
    # `kill -USR2` writes into its log where each of its threads stands.
    faulthandler.register(signal.SIGUSR2)
    record = WorkRecord(_began_ms())
    session = session_of(topics.input)
    done = DoneBatches(session)
    while True:
        # A sink that has failed does not know what came of its last transaction: the next one asks.
        try:
            sink = open_sink(session, record)
            done.tell(sink)
            _await(_start(session, topics.input, job_of, sink), record)
        except (StreamingQueryException, KafkaException, SinkAway) as error:
            print(error, file=sys.stderr, flush=True)
            record.failed(str(error).splitlines()[0])
        time.sleep(_again_after_s)


def brokers() -> str:
    return text("FLT_PATH_LOG", "127.0.0.1:9092")


def _start(
    session: SparkSession, input_topic: str, job_of: Callable[[], PartitionJob], sink: Sink
) -> StreamingQuery:
    # Also of a batch that the log has: where nobody asks for its rows, nothing is worked on, and no state is stored.
    def give(rows: DataFrame, batch: int) -> None:
        sink.take(batch, *read_output(rows.collect()))

    return (
        worked(messages(session, input_topic), job_of)
        .writeStream.foreachBatch(give)
        .outputMode("append")
        .option("checkpointLocation", str(Path("checkpoint").absolute()))
        .trigger(processingTime=f"{number('BATCH_MS', 500)} milliseconds")
        .start()
    )


def messages(session: SparkSession, input_topic: str) -> DataFrame:
    return (
        session.readStream.format("kafka")
        .option("kafka.bootstrap.servers", brokers())
        .option("kafka.enable.metrics.push", "false")
        .option("kafka.isolation.level", "read_committed")
        .option("kafka.reconnect.backoff.max.ms", "250")
        .option("subscribe", input_topic)
        .option("startingOffsets", "earliest")
        .option("maxOffsetsPerTrigger", _messages_in_batch_max)
        .load()
        .select("partition", "offset", "value")
    )


def worked(messages: DataFrame, job_of: Callable[[], PartitionJob]) -> DataFrame:
    return messages.groupBy("partition").transformWithState(
        statefulProcessor=PartitionProcessor(job_of),
        outputStructType=output_type,
        outputMode="append",
        timeMode="none",
    )


def _await(query: StreamingQuery, record: WorkRecord) -> None:
    """Ready is also who has nothing to read."""
    while not record.is_ready:
        if query.awaitTermination(0.1):
            return
        if query.status["message"].startswith("Waiting for"):
            record.ready()
    query.awaitTermination()


def _began_ms() -> float:
    """When this process began: the interpreter is slow enough to count."""
    return now_ms() - time.process_time() * 1_000
