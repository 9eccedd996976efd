"""One batch of one partition through its job: what it reads of the state, and what it makes of it. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from partition_job import Message, Outcome, PartitionJob


class Stand(NamedTuple):
    """How a partition stands when a batch is done, and where that began."""

    partition: int
    start: int
    # The message after the last.
    end: int
    watermark_ms: int | None
    left: dict
    # What its state takes, by kind.
    state_bytes: dict[str, int]
    # How many records of its state were there when it began.
    restored_count: int


class Worked(NamedTuple):
    outcome: Outcome
    start: int
    end: int


def work_through(
    job: PartitionJob,
    partition: int,
    position: int | None,
    state: Mapping[str, str],
    messages: Iterable[Message],
) -> Worked:
    """
    `position` is where the batch before has ended, None before any. Spark promises no order within a key, and a job hangs on
    the order of its partition: so they are put in it here.
    """
    in_order = sorted(messages, key=lambda message: message.offset)
    start = in_order[0].offset if position is None else position
    if in_order[0].offset < start:
        raise ValueError(
            f"partition {partition} has been worked on up to {start}, and message {in_order[0].offset} comes again: "
            "the state is not of this query's checkpoint"
        )
    for key, value in state.items():
        job.restore(key, value)
    for message in in_order:
        job.process(message)
    return Worked(job.take(), start, in_order[-1].offset + 1)


def stand_of(
    job: PartitionJob,
    partition: int,
    worked: Worked,
    before: Mapping[str, str],
    stored: Mapping[str, str],
) -> Stand:
    """By the state that it began with, and by what was read again of the store when all was changed there."""
    return Stand(
        partition=partition,
        start=worked.start,
        end=worked.end,
        watermark_ms=job.watermark_ms,
        left=job.left(stored),
        state_bytes=_bytes_of(stored),
        restored_count=len(before),
    )


def _bytes_of(stored: Mapping[str, str]) -> dict[str, int]:
    """As `live-records.ts` counts: a key's kind is what stands before its first slash."""
    by_kind: dict[str, int] = {}
    for key, value in stored.items():
        kind = key.split("/", 1)[0]
        by_kind[kind] = by_kind.get(kind, 0) + _length(key) + _length(value)
    return by_kind


def _length(text: str) -> int:
    """In code units, as Node has it."""
    return len(text.encode("utf-16-le")) // 2
