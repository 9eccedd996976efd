"""What becomes of the messages of one partition: the contract of `partition-job.ts`, and pure like that."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Message(NamedTuple):
    """Of the input, with its place there."""

    partition: int
    offset: int
    value: bytes


class Change(NamedTuple):
    """The value that a key of the state has from now on; None where it has none any more."""

    key: str
    value: str | None


class Sent(NamedTuple):
    """What the testbed has noted on a message: when it was to be sent, None of what was there before, and in which phase."""

    at_ms: float | None
    phase: str


class Result(NamedTuple):
    """What a job gives away; `to` is the topic as the job calls it."""

    to: str
    key: str
    value: str
    cause: Sent


class Outcome(NamedTuple):
    """All that has come of the messages since it was asked last: it is written as a whole, or not at all."""

    results: list[Result]
    changes: list[Change]


class PartitionJob(Protocol):
    """One to which all changes of another were restored goes on as that one would have. It knows no Spark, and no clock."""

    watermark_ms: int | None

    def restore(self, key: str, value: str) -> None: ...

    def process(self, message: Message) -> None: ...

    def take(self) -> Outcome: ...

    def left(self, stored: Mapping[str, str]) -> dict:
        """What is judged when all is over, by what is stored of its state; as JSON has it."""
        ...
