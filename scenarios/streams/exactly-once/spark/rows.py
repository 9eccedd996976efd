"""Postings as rows of the database that `tables.sql` makes, by `psycopg`: each way to write them is one statement."""

from collections.abc import Sequence

import psycopg
from psycopg.types.json import Json

from attempt_rows import rows_of
from batch_sink import Given, SinkAway

# Who is cut off is told so, and not left waiting.
_connect_limit_s = 5
_silent_limit_ms = 10_000

insert_postings = """
    insert into postings (partition, "offset", account, cents, seq, balance_cents, attempt)
    select partition, "offset", account, cents, seq, "balanceCents", attempt from json_to_recordset(%s) as posting
        (partition int, "offset" bigint, account text, cents bigint, seq bigint, "balanceCents" bigint, attempt text)
"""
insert_received = """
    insert into received (partition, "offset", account, cents, attempt)
    select partition, "offset", account, cents, attempt from json_to_recordset(%s)
        as posting (partition int, "offset" bigint, account text, cents bigint, attempt text)
"""
upsert_received = insert_received + 'on conflict (partition, "offset") do nothing'


def connect(url: str) -> psycopg.Connection:
    """Each statement for itself, where nothing else is said."""
    try:
        return psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=_connect_limit_s,
            tcp_user_timeout=_silent_limit_ms,
        )
    except psycopg.Error as error:
        raise SinkAway(f"the database does not let anybody in: {error}") from error


def write(connection: psycopg.Connection, statement: str, results: Sequence[Given]) -> None:
    connection.execute(statement, [Json(rows_of(results))])
