"""
A log whose attempts can be struck at each of their steps and are written down: before anything is written, between that and
the commit, and after the commit, when Spark has not written down yet that the batch is done. A kill at `before-write` finds
the batch before it done in both. Pure: the log is given.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from attempts import Attempts, after_commit, before_commit, before_write
from batch_sink import Given, Log
from partition_work import Stand


class RefusingLog(Log, Protocol):
    def is_refusal(self, error: Exception) -> bool:
        """Whether it says that nothing of this is there, for somebody else has the log by now or it took too long."""
        ...


class AttemptLog:
    """Log of the batches of `BatchSink`, which asks it for nothing but what the one below it knows."""

    def __init__(self, log: RefusingLog, attempts: Attempts):
        self._log = log
        self._attempts = attempts

    @property
    def last_batch(self) -> int | None:
        return self._log.last_batch

    @property
    def positions(self) -> dict[int, int]:
        return self._log.positions

    def write(
        self,
        batch: int,
        results: Sequence[Given],
        stands: Sequence[Stand],
        before_its_commit: Callable[[], None],
    ) -> None:
        attempt = self._attempts.begin(results, is_atomic=True)
        attempt.reach(before_write)

        def ready() -> None:
            before_its_commit()
            attempt.reach(before_commit)

        try:
            self._log.write(batch, attempt.in_results(results), stands, ready)
        except Exception as error:
            attempt.broke(error, self._log.is_refusal(error))
            raise
        attempt.reach(after_commit)
        attempt.committed()
