"""
A posting for each payment of a partition, with the balance of its account after it: the work of `posting.ts`, byte for byte,
with a record of the state for each account. Pure.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from json_text import written
from partition_job import Change, Message, Outcome, Result, Sent

postings_topic = "postings"

_state_kind = "balance"
# Payments carry nothing that the testbed has noted on them.
_cause = Sent(None, "")


class Balance(NamedTuple):
    """All that has to be known of an account to go on, as `posting.ts` has it."""

    seq: int
    balanceCents: int


_opened = Balance(0, 0)


class PostingJob:
    watermark_ms: int | None = None

    def __init__(self):
        self._balances: dict[str, Balance] = {}
        self._results: list[Result] = []
        # In the order in which they were changed.
        self._changed: dict[str, None] = {}

    def restore(self, key: str, value: str) -> None:
        _, account = key.split("/", 1)
        self._balances[account] = Balance(**json.loads(value))

    def process(self, message: Message) -> None:
        payment = json.loads(message.value)
        account, cents = payment["account"], payment["cents"]
        before = self._balances.get(account, _opened)
        after = Balance(before.seq + 1, before.balanceCents + cents)
        self._balances[account] = after
        self._changed[account] = None
        posting = {
            "partition": message.partition,
            "offset": message.offset,
            "account": account,
            "cents": cents,
            **after._asdict(),
        }
        self._results.append(Result(postings_topic, account, written(posting), _cause))

    def take(self) -> Outcome:
        changes = [
            Change(f"{_state_kind}/{account}", written(self._balances[account]._asdict()))
            for account in self._changed
        ]
        results = self._results
        self._results = []
        self._changed = {}
        return Outcome(results, changes)

    def left(self, stored: Mapping[str, str]) -> dict:
        return {}
