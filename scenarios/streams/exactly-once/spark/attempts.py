"""
The attempts of this process, as `attempts.ts` has them: the payments of a partition in a batch. A line each time that one
begins, comes to a step or goes on from it, and ends. Pure but for its file and the clock.
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from batch_sink import Given

before_write = "before-write"
before_commit = "before-commit"
after_commit = "after-commit"

Ended = Literal["committed", "aborted", "fenced", "unknown"]


class Attempts:
    """`reach` holds whoever comes to a step where a fault wants to strike."""

    def __init__(
        self, name: str, reach: Callable[[str], None], file: Path = Path("attempts.ndjson")
    ):
        self._name = f"{name}-{os.getpid()}"
        self._reach = reach
        self._file = file
        self._count = 0

    def begin(self, results: Sequence[Given], is_atomic: bool) -> "Attempt":
        """One for each partition that has results. An atomic one leaves nothing to be seen where it does not commit."""
        offsets: dict[int, list[int]] = {}
        for given in results:
            offsets.setdefault(given.partition, []).append(json.loads(given.result.value)["offset"])
        ids: dict[int, str] = {}
        for partition, own in offsets.items():
            ids[partition] = f"{self._name}-{self._count}"
            self._count += 1
            self.tell(begin=ids[partition], partition=partition, offsets=own, atomic=is_atomic)
        return Attempt(self, ids)

    def reach(self, step: str) -> None:
        self._reach(step)

    def tell(self, **said) -> None:
        line = json.dumps({"atMs": time.monotonic() * 1_000, **said}) + "\n"
        # Unbuffered: a line is one write, and two threads tell of their batches.
        with self._file.open("ab", buffering=0) as file:
            file.write(line.encode())


class Attempt:
    """All of one batch: they come to each step together, and end together."""

    def __init__(self, attempts: Attempts, ids: dict[int, str]):
        self._attempts = attempts
        self._ids = ids
        self._is_asked = False

    def in_results(self, results: Sequence[Given]) -> list[Given]:
        """Each posting carries its attempt."""
        return [one._replace(headers={"attempt": self._ids[one.partition]}) for one in results]

    def reach(self, step: str) -> None:
        self.came(step)
        self.goes_on(step)

    def came(self, step: str) -> None:
        self._tell(came=step)

    def goes_on(self, step: str) -> None:
        self._attempts.reach(step)
        self._is_asked = self._is_asked or step == before_commit
        self._tell(went=step)

    def committed(self) -> None:
        self._end("committed", None)

    def broke(self, why: Exception, is_refused: bool) -> None:
        """Where the commit was not asked for yet it is not there; where it was, nobody knows, unless it was refused."""
        self._end("fenced" if is_refused else "unknown" if self._is_asked else "aborted", str(why))

    def _end(self, ended: Ended, error: str | None) -> None:
        self._tell(ended=ended, error=error)

    def _tell(self, **said) -> None:
        for id in self._ids.values():
            self._attempts.tell(id=id, **said)
