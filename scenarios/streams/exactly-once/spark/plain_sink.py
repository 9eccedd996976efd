"""
A sink that does not know a batch again: it writes what Spark gives it, and a batch is committed when Spark has written down
that it is done. Whoever is killed before that has it written a second time, which does no harm where rows are known again by
their place, and doubles results where they are not. Pure: where they are written is given.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from attempts import Attempt, Attempts, after_commit, before_commit, before_write
from batch_sink import Given
from partition_work import Stand


class Reporter(Protocol):
    def session(self, stand: Stand, position: int) -> None: ...

    def committed(self, results: Sequence[Given], stands: Sequence[Stand]) -> None: ...


class _Written(NamedTuple):
    results: Sequence[Given]
    stands: Sequence[Stand]
    attempt: Attempt


class PlainSink:
    def __init__(
        self, write: Callable[[Sequence[Given]], None], reporter: Reporter, attempts: Attempts
    ):
        self._write = write
        self._reporter = reporter
        self._attempts = attempts
        # By batch, until Spark has it as done.
        self._written: dict[int, _Written] = {}

    def take(self, batch: int, results: Sequence[Given], stands: Sequence[Stand]) -> None:
        for stand in stands:
            self._reporter.session(stand, stand.start)
        attempt = self._attempts.begin(results, is_atomic=False)
        attempt.reach(before_write)
        try:
            self._write(attempt.in_results(results))
        except Exception as error:
            attempt.broke(error, is_refused=False)
            raise
        attempt.reach(before_commit)
        self._written[batch] = _Written(results, stands, attempt)

    def done(self, batch: int) -> None:
        written = self._written.pop(batch, None)
        if written is None:
            return
        results, stands, attempt = written
        attempt.came(after_commit)
        self._reporter.committed(results, stands)
        attempt.goes_on(after_commit)
        attempt.committed()
