"""
A sink that is killed at each step of each batch, and given what a query gives that goes on from its checkpoint: what the log
has in the end, and where results went on. With CAREFUL=false of one that writes whatever it is given.
"""

import json
import os

from batch_sink import BatchSink, Given
from partition_job import Result, Sent
from partition_work import Stand

steps = ["before-send", "before-commit", "after-commit"]
batch_count = 4


class Killed(Exception):
    pass


class Log:
    """One that commits all or nothing."""

    def __init__(self):
        self.last_batch = None
        self.positions = {}
        self.committed = []

    def write(self, batch, results, stands, before_commit):
        before_commit()
        self.committed += [given.result.value for given in results]
        self.last_batch = batch
        self.positions |= {stand.partition: stand.end for stand in stands}


class Forgetful(Log):
    """Tells nobody what it has."""

    def write(self, batch, results, stands, before_commit):
        super().write(batch, results, stands, before_commit)
        self.last_batch = None
        self.positions = {}


class Reporter:
    def __init__(self):
        self.sessions = []

    def session(self, stand, position):
        self.sessions.append([stand.partition, position])

    def committed(self, results, stands):
        pass


def batch_of(number: int):
    """Partition 1 has nothing in every second one."""
    partitions = [0, 1] if number % 2 == 0 else [0]
    results = [
        Given(partition, Result("out", "key", f"batch {number} partition {partition}", Sent(None, "")))
        for partition in partitions
    ]
    stands = [
        Stand(partition, *ends_of(partition, number), None, {}, {}, 0) for partition in partitions
    ]
    return results, stands


def ends_of(partition: int, number: int) -> tuple[int, int]:
    return (number * 10, number * 10 + 10) if partition == 0 else (number * 5, number * 5 + 10)


def run(log: Log, kill_step: str, kill_batch: int) -> dict:
    """The number of a batch that is not done comes again, in a process of its own."""
    again = None
    for number in range(batch_count):
        def reach(step: str) -> None:
            if (step, number) == (kill_step, kill_batch):
                raise Killed

        try:
            BatchSink(log, Reporter(), reach).take(number, *batch_of(number))
        except Killed:
            reporter = Reporter()
            BatchSink(log, reporter, lambda step: None).take(number, *batch_of(number))
            again = reporter.sessions
    return {"step": kill_step, "batch": kill_batch, "committed": log.committed, "sessions": again}


make_log = Log if os.environ["CAREFUL"] == "true" else Forgetful
for step in steps:
    for batch in range(batch_count):
        print(json.dumps(run(make_log(), step, batch)))

if os.environ["CAREFUL"] == "true":
    for last, positions, begins, who in [
        (2, {0: 30}, 3, "the next batch"),
        (2, {0: 40}, 3, "a checkpoint that is older"),
        (2, {0: 20}, 3, "one that is ahead"),
        (5, {0: 60}, 0, "one that begins anew"),
    ]:
        log = Log()
        log.last_batch = last
        log.positions = positions
        try:
            BatchSink(log, Reporter(), lambda step: None).take(begins, *batch_of(begins))
            said = ""
        except ValueError as error:
            said = str(error)
        print(json.dumps({"who": who, "said": said}))
