"""
What the testbed reads of the work: `work.ndjson` in the folder of start, whose lines are those of `work-record.ts`. What is
committed, and how each partition stands, is in Kafka. Times are of the machine's monotonic clock, which is Node's as well.
"""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from batch_sink import Given
from partition_work import Stand
from tree_cpu import tree_cpu_ms


def now_ms() -> float:
    return time.monotonic() * 1_000


class LatencyCounts:
    """How often which latency came, in microseconds to three significant digits: what `latencyOf` sums up."""

    def __init__(self):
        self._counts: dict[int, int] = {}

    def record_ms(self, ms: float) -> None:
        us = max(1, round(ms * 1_000))
        step = 10 ** max(0, len(str(us)) - 3)
        edge = -(-us // step) * step
        self._counts[edge] = self._counts.get(edge, 0) + 1

    @property
    def entries(self) -> list[tuple[int, int]]:
        return sorted(self._counts.items())


class WorkRecord:
    """`lost_ms` is since when there has been no state: since this process began."""

    def __init__(self, lost_ms: float, file: Path = Path("work.ndjson")):
        self._lost_ms = lost_ms
        self._file = file
        self._latencies: dict[str, LatencyCounts] = {}
        self._known: set[int] = set()
        self._restored_after_ms: float | None = None
        self.is_ready = False

    def ready(self) -> None:
        """This process works, and is safe; or there is nothing yet to be worked on."""
        if not self.is_ready:
            print("the query works", flush=True)
        self.is_ready = True

    def session(self, stand: Stand, position: int) -> None:
        if stand.partition in self._known:
            return
        self._known.add(stand.partition)
        # The state of all is there with the first batch, also of those that nothing came of in it.
        if self._restored_after_ms is None:
            self._restored_after_ms = now_ms() - self._lost_ms
        self._tell(
            "session",
            partition=stand.partition,
            position=position,
            restoredCount=stand.restored_count,
            restoreMs=self._restored_after_ms,
        )

    def failed(self, why: str) -> None:
        """The query has ended and is begun anew from its checkpoint, as in a process of its own."""
        for partition in sorted(self._known):
            self._tell("failure", partition=partition, why=why)
        self._known.clear()
        self._restored_after_ms = None
        self._lost_ms = now_ms()

    def committed(self, results: Sequence[Given], stands: Sequence[Stand]) -> None:
        at_ms = now_ms()
        counts: dict[int, int] = {}
        for given in results:
            counts[given.partition] = counts.get(given.partition, 0) + 1
            sent = given.result.cause
            if sent.at_ms is not None:
                self._latencies.setdefault(sent.phase, LatencyCounts()).record_ms(at_ms - sent.at_ms)
        for stand in stands:
            said = {"from": stand.start, "to": stand.end, "bytes": stand.state_bytes}
            self._tell(
                "commit", partition=stand.partition, resultCount=counts.get(stand.partition, 0), **said
            )
        pid = os.getpid()
        by_phase = {phase: latencies.entries for phase, latencies in self._latencies.items()}
        self._tell("latency", pid=pid, byPhase=by_phase)
        self._tell("cpu", pid=pid, cpuMs=tree_cpu_ms(pid))
        self.ready()

    def _tell(self, kind: str, **said) -> None:
        with self._file.open("a") as file:
            file.write(json.dumps({"kind": kind, "atMs": now_ms(), **said}) + "\n")
