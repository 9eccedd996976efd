"""What is known of a user in a window of event time: `features.ts`. Pure, and the same in whatever order activities come."""

from typing import TypedDict


class Kept(TypedDict):
    """Sums, the activity that happened last, and how many versions were given; as the state has it, in this order."""

    views: int
    purchases: int
    cents: int
    lastAtMs: int | None
    lastId: str
    lastKind: str
    version: int


def nothing_yet() -> Kept:
    return Kept(
        views=0, purchases=0, cents=0, lastAtMs=None, lastId="", lastKind="view", version=0
    )


def with_one(kept: Kept, activity: dict) -> Kept:
    is_purchase = activity["kind"] == "purchase"
    is_last = _is_later(activity, kept)
    return Kept(
        views=kept["views"] + (not is_purchase),
        purchases=kept["purchases"] + is_purchase,
        cents=kept["cents"] + activity["cents"],
        lastAtMs=activity["atMs"] if is_last else kept["lastAtMs"],
        lastId=activity["id"] if is_last else kept["lastId"],
        lastKind=activity["kind"] if is_last else kept["lastKind"],
        version=kept["version"],
    )


def window_of(at_ms: int, window_ms: int) -> int:
    """The start of the window that a time is in; windows begin at whole multiples of their size."""
    return at_ms // window_ms * window_ms


def _is_later(activity: dict, kept: Kept) -> bool:
    """Of two that happened at once, the one of the greater id is the last."""
    last_at_ms = kept["lastAtMs"]
    if last_at_ms is None or activity["atMs"] != last_at_ms:
        return last_at_ms is None or activity["atMs"] > last_at_ms
    return _by_code_units(activity["id"]) > _by_code_units(kept["lastId"])


def _by_code_units(text: str) -> bytes:
    """As Node compares texts."""
    return text.encode("utf-16-be", "surrogatepass")
