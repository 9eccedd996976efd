"""
Each batch of a query once in a log, whenever it is killed. Spark writes down that a batch is done when its sink has returned:
one that was killed in between is given the same batch again, by the same number and with the same messages. So the number is
committed with the results, and one that the log has is not written a second time. Pure: the log is given.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from partition_job import Result
from partition_work import Stand


class Given(NamedTuple):
    """A result, and the partition that its cause came from: it goes to that one of its topic."""

    partition: int
    result: Result
    # What is said of it beside its value.
    headers: Mapping[str, str] = {}


class SinkAway(Exception):
    """Where results go can't be reached just now; it is asked again."""


class Sink(Protocol):
    """Where a query's batches go."""

    def take(self, batch: int, results: Sequence[Given], stands: Sequence[Stand]) -> None:
        """By now all of the batch has been worked on, and the new state is stored, whether or not it was before."""
        ...


@runtime_checkable
class ToldWhenDone(Protocol):
    """A sink whose batches are committed by nothing else than that."""

    def done(self, batch: int) -> None:
        """Spark has written down that it is done, and gives it to nobody again."""
        ...


class Log(Protocol):
    """Where results go, and how far it has come by what is committed there."""

    # None before any.
    last_batch: int | None
    # By partition, where the last committed batch has ended.
    positions: dict[int, int]

    def write(
        self,
        batch: int,
        results: Sequence[Given],
        stands: Sequence[Stand],
        before_commit: Callable[[], None],
    ) -> None:
        """Commits all of it in one transaction; afterwards `last_batch` and `positions` are of this batch."""
        ...


class Reporter(Protocol):
    def session(self, stand: Stand, position: int) -> None:
        """A partition is worked on that this process has not had before; results go on at `position`."""
        ...

    def committed(self, results: Sequence[Given], stands: Sequence[Stand]) -> None: ...


class BatchSink:
    def __init__(self, log: Log, reporter: Reporter, reach: Callable[[str], None]):
        self._log = log
        self._reporter = reporter
        self._reach = reach

    def take(self, batch: int, results: Sequence[Given], stands: Sequence[Stand]) -> None:
        last = self._log.last_batch
        is_there = last is not None and batch <= last
        self._refuse_another_history(batch, is_there, stands)
        for stand in stands:
            self._reporter.session(stand, stand.end if is_there else stand.start)
        if is_there:
            return
        self._reach("before-send")
        self._log.write(batch, results, stands, lambda: self._reach("before-commit"))
        self._reporter.committed(results, stands)
        self._reach("after-commit")

    def _refuse_another_history(self, batch: int, is_there: bool, stands: Sequence[Stand]) -> None:
        """A checkpoint that is not the log's would lose results, or give them twice: the worst is to go on in silence."""
        for stand in stands:
            found = stand.end if is_there else stand.start
            wanted = self._log.positions.get(stand.partition, stand.start)
            if found != wanted:
                raise ValueError(
                    f"results of partition {stand.partition} are committed up to {wanted}, and batch {batch} "
                    f"{'ends' if is_there else 'begins'} at {found}: the checkpoint is of another query, or older. Give the "
                    "query its own checkpoint back, or begin anew with another input name and empty topics"
                )
