"""
Postings in Postgres, a transaction for each batch: in it are also the number of the batch and the positions that it brings the
input to. So a reader of what is committed sees postings, positions and batch together or not at all, and whoever begins again
asks for the number.
"""

from collections.abc import Callable, Sequence

import psycopg

import rows
from batch_sink import Given
from partition_work import Stand

# A row of a partition moves on from where this batch begins; whoever was left behind finds it elsewhere.
_move = """
    insert into positions as known (partition, next, batch) values (%(partition)s, %(end)s, %(batch)s)
    on conflict (partition) do update set next = excluded.next, batch = excluded.batch where known.next = %(start)s
"""


class Fenced(Exception):
    """A partition is at another position than the one that this batch begins at: somebody else has done it."""


class PostgresLog:
    def __init__(self, url: str, idle_timeout_ms: int):
        self._connection = rows.connect(url)
        # Whoever stands still in a transaction keeps its rows locked: this ends it for those who come after.
        self._connection.execute(f"set idle_in_transaction_session_timeout = {idle_timeout_ms}")
        found = self._connection.execute("select partition, next, batch from positions").fetchall()
        self.positions = {partition: next for partition, next, _ in found}
        self.last_batch = max((batch for _, _, batch in found), default=None)

    def write(
        self,
        batch: int,
        results: Sequence[Given],
        stands: Sequence[Stand],
        before_commit: Callable[[], None],
    ) -> None:
        """What fails in the middle ends this writer: the next one looks what has come of it."""
        with self._connection.transaction():
            for stand in stands:
                self._move(batch, stand)
            rows.write(self._connection, rows.insert_postings, results)
            before_commit()
        self.last_batch = batch
        self.positions.update({stand.partition: stand.end for stand in stands})

    def is_refusal(self, error: Exception) -> bool:
        """`IdleInTransactionSessionTimeout` is what Postgres says to who stood still in a transaction for too long."""
        return isinstance(error, Fenced | psycopg.errors.IdleInTransactionSessionTimeout)

    def _move(self, batch: int, stand: Stand) -> None:
        where = {"partition": stand.partition, "start": stand.start, "end": stand.end}
        if self._connection.execute(_move, {**where, "batch": batch}).rowcount != 1:
            raise Fenced(f"partition {stand.partition} is not at {stand.start}")
