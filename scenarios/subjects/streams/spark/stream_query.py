"""
Runs a job on the partitions of a topic, as a query of Spark's Structured Streaming. It is told what the members of a consumer
group are told, brokers by FLT_PATH_LOG and the prefix of names by FLT_TOPIC_PREFIX; besides, SPARK_MASTER, BATCH_MS and
PARALLELISM. Where it is told nothing else its results are there when the transaction is that their batch is of, once. One that
is started again goes on from the checkpoint in its folder.
"""

import os
import shutil
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
from steps import Steps
from topics import Topics
from variables import number, text
from work_record import WorkRecord, now_ms

# A batch is in memory as a whole, and is what is done again after a kill.
_messages_in_batch_max = 20_000

_again_after_s = 0.5
# As seen from the folder of start: the path of a socket has to be short.
_sockets = ".sockets"


OpenSink = Callable[[SparkSession, WorkRecord], Sink]


def once_in_kafka(topics: Topics) -> OpenSink:
    steps = Steps()
    return lambda session, record: BatchSink(KafkaLog(brokers(), topics), record, steps.reach)


def run(topics: Topics, job_of: Callable[[], PartitionJob], open_sink: OpenSink) -> None:
    """Ends with the process: at once when it is told to, for a checkpoint and what is committed is all that it takes to go on."""
    record = WorkRecord(_began_ms())
    session = _session(topics.input)
    done = DoneBatches()
    session.streams.addListener(done)
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


def _session(name: str) -> SparkSession:
    os.environ["LC_ALL"] = "C.UTF-8"  # in C, Java opens no file with a letter in its path that is not ASCII
    master = text("SPARK_MASTER", "local[2]")
    # Of workers on this machine, of which one has nothing but this; on another, they are sent along.
    folders = [Path(__file__).absolute().parent, Path(sys.argv[0]).absolute().parent]
    known = [str(folder) for folder in folders] + [text("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(known)
    jars = [str(jar) for jar in sorted(Path(sys.prefix).parent.glob("*.jar"))]
    builder = SparkSession.builder.appName(name).master(master).config(map=_settings(jars))
    if master.startswith("local"):
        builder = builder.config(map=_alone())
    else:
        builder = builder.config("spark.jars", ",".join(jars))
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    if not master.startswith("local"):
        for module in (module for folder in folders for module in folder.glob("*.py")):
            session.sparkContext.addPyFile(str(module))
    return session


def _settings(jars: list[str]) -> dict[str, str]:
    temporary = Path(".temporary").absolute()
    shutil.rmtree(temporary, ignore_errors=True)  # of one that was killed
    temporary.mkdir()
    Path(_sockets).mkdir(mode=0o700, exist_ok=True)
    return {
        "spark.driver.extraClassPath": os.pathsep.join(jars),
        "spark.driver.memory": "768m",
        # The quick compiler alone, for the other takes a third of the time to start.
        "spark.driver.extraJavaOptions": f'"-Djava.io.tmpdir={temporary}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1',
        "spark.local.dir": str(temporary),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Workers ask for state by these, and nobody else: a port would answer whoever comes first.
        "spark.python.unix.domain.socket.enabled": "true",
        "spark.python.unix.domain.socket.dir": _sockets,
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": text("PARALLELISM", "2"),
        # The only one that keeps the state of such a processor.
        "spark.sql.streaming.stateStore.providerClass": "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
        # What a batch has changed is written, and now and then the whole.
        "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled": "true",
        "spark.sql.streaming.minBatchesToRetain": "10",
    }


def _alone() -> dict[str, str]:
    """Nobody from elsewhere reaches it, nor anybody here without a secret that is made for it."""
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.authenticate": "true",
    }


def _began_ms() -> float:
    """When this process began: the interpreter is slow enough to count."""
    return now_ms() - time.process_time() * 1_000
