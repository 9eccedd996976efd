"""
The job of `feature-job.ts`: features of each user over windows of event time, given when the watermark comes to the window's
end, corrected by what comes after that, and let go of `lateness_ms` later; what comes then goes to an output of its own. Its
records are Node's, those of its results and of its state, byte for byte. Pure.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from feature_records import feature_key, feature_record, features_topic, late_record, late_topic
from features import Kept, nothing_yet, window_of, with_one
from json_text import written
from partition_job import Change, Message, Outcome, Result, Sent

_state_kind = "feature"
_progress_key = "progress"


class Options(NamedTuple):
    window_ms: int
    # The watermark stays so far behind the newest activity: a window's features are given so long after its end.
    delay_ms: int
    # Features are corrected for so long after they were due.
    lateness_ms: int
    # Whether it tells what came too late; without it that is dropped.
    tells_late: bool


class FeatureJob:
    def __init__(self, options: Options):
        self._options = options
        # By the window's start, then by the user.
        self._windows: dict[int, dict[str, Kept]] = {}
        self.watermark_ms: int | None = None
        self._counts = {"events": 0, "onTime": 0, "absorbed": 0, "late": 0}
        self._results: list[Result] = []
        # Keys of the state, in the order in which they were changed.
        self._changed: dict[str, tuple[int, str]] = {}

    def restore(self, key: str, value: str) -> None:
        if key == _progress_key:
            counts = json.loads(value)
            self.watermark_ms = counts.pop("watermarkMs")
            self._counts = counts
            return
        _, start, user = key.split("/", 2)
        self._windows.setdefault(int(start), {})[user] = json.loads(value)

    def process(self, message: Message) -> None:
        activity = json.loads(message.value)
        cause = Sent(activity["sentAtMs"], activity["phase"])
        start_ms = window_of(activity["atMs"], self._options.window_ms)
        gone_ms = self._end_of(start_ms) + self._options.lateness_ms
        self._counts["events"] += 1
        if self._has_reached(gone_ms):
            self._too_late(activity, self.watermark_ms - gone_ms, cause)
        else:
            self._add(start_ms, activity, cause)
        # The time that it proves: the one that it names, but none that lies after it was received.
        self._advance(min(activity["atMs"], activity["receivedMs"]) - self._options.delay_ms, cause)

    def take(self) -> Outcome:
        changes = []
        for key, (start_ms, user) in self._changed.items():
            kept = self._windows.get(start_ms, {}).get(user)
            changes.append(Change(key, None if kept is None else written(kept)))
        progress = {**self._counts, "watermarkMs": self.watermark_ms}
        changes.append(Change(_progress_key, written(progress)))
        results = self._results
        self._results = []
        self._changed = {}
        return Outcome(results, changes)

    def left(self, stored: Mapping[str, str]) -> dict:
        stale = [key for key in stored if key != _progress_key and self._is_gone(key)]
        return {**self._counts, "staleCount": len(stale), "stale": stale[:10]}

    def _add(self, start_ms: int, activity: dict, cause: Sent) -> None:
        user = activity["user"]
        users = self._windows.setdefault(start_ms, {})
        before = users.get(user) or nothing_yet()
        now = with_one(before, activity)
        if not self._has_reached(self._end_of(start_ms)):
            self._counts["onTime"] += 1
        else:
            self._counts["absorbed"] += 1
            now["version"] += 1
            if before["version"] > 0:
                self._give("retract", start_ms, user, before, cause)
            self._give("assert", start_ms, user, now, cause)
        users[user] = now
        self._change(start_ms, user)

    def _too_late(self, activity: dict, too_late_ms: int, cause: Sent) -> None:
        self._counts["late"] += 1
        if self._options.tells_late:
            record = late_record(activity, too_late_ms)
            self._results.append(Result(late_topic, activity["id"], record, cause))

    def _advance(self, to_ms: int, cause: Sent) -> None:
        """Gives the features of windows that end by then, and lets go of those that no activity can change any more."""
        if self._has_reached(to_ms):
            return
        from_ms = self.watermark_ms
        self.watermark_ms = to_ms
        for start_ms, users in list(self._windows.items()):
            end_ms = self._end_of(start_ms)
            if end_ms <= to_ms and (from_ms is None or end_ms > from_ms):
                for user, kept in users.items():
                    kept["version"] = 1
                    self._give("assert", start_ms, user, kept, cause)
                    self._change(start_ms, user)
            if end_ms + self._options.lateness_ms > to_ms:
                continue
            for user in users:
                self._change(start_ms, user)
            del self._windows[start_ms]

    def _give(self, op: str, start_ms: int, user: str, kept: Kept, cause: Sent) -> None:
        record = feature_record(op, start_ms, self._end_of(start_ms), user, kept)
        self._results.append(Result(features_topic, feature_key(start_ms, user), record, cause))

    def _change(self, start_ms: int, user: str) -> None:
        self._changed.setdefault(f"{_state_kind}/{feature_key(start_ms, user)}", (start_ms, user))

    def _is_gone(self, key: str) -> bool:
        start_ms = int(key.split("/", 2)[1])
        return self._has_reached(self._end_of(start_ms) + self._options.lateness_ms)

    def _end_of(self, start_ms: int) -> int:
        return start_ms + self._options.window_ms

    def _has_reached(self, ms: int) -> bool:
        return self.watermark_ms is not None and self.watermark_ms >= ms
