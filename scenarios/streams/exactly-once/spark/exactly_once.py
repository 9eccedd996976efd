"""Postings on Spark, as `processor.ts` makes them in Node. `SINK` says where to; the naive one writes at least once."""

from pyspark.sql import SparkSession

import rows
import spark_kafka
from attempt_log import AttemptLog, RefusingLog
from attempts import Attempts
from batch_sink import BatchSink, Sink
from kafka_log import KafkaLog
from plain_sink import PlainSink
from posting_job import PostingJob
from postgres_log import PostgresLog
from steps import Steps
from stream_query import brokers, run
from topics import beside_input
from variables import number, text
from work_record import WorkRecord

sink_name = text("SINK", "kafka")
is_naive = text("GUARD", "on") == "off"
database = text("FLT_PATH_STORE", "postgres://127.0.0.1:5432/postgres")
topics = beside_input("payments", "processors")
# Of this process, however often the query begins anew in it.
attempts = Attempts(text("NAME", "spark"), Steps().reach)


def open_sink(session: SparkSession, record: WorkRecord) -> Sink:
    match sink_name, is_naive:
        case "kafka", False:
            timeout_ms = number("TRANSACTION_TIMEOUT_MS", 20_000)
            return once(KafkaLog(brokers(), topics, timeout_ms), record)
        case "postgres", False:
            return once(PostgresLog(database, number("IDLE_TIMEOUT_MS", 1_000)), record)
        case "kafka", True:
            return PlainSink(spark_kafka.writer(session, brokers(), topics), record, attempts)
        case "postgres", True:
            return in_rows(rows.insert_postings, record)
        case "upsert", _:
            return in_rows(rows.insert_received if is_naive else rows.upsert_received, record)
        case unknown, _:
            raise ValueError(f'SINK has to be kafka, postgres or upsert, but is "{unknown}"')


def once(log: RefusingLog, record: WorkRecord) -> Sink:
    """Each batch is committed with its number."""
    # Its attempts come to the steps, in its place.
    return BatchSink(AttemptLog(log, attempts), record, lambda step: None)


def in_rows(statement: str, record: WorkRecord) -> Sink:
    connection = rows.connect(database)
    write = lambda results: rows.write(connection, statement, results)  # noqa: E731
    return PlainSink(write, record, attempts)


run(topics, PostingJob, open_sink)
