"""What is given, written as `feature-record.ts` has it and Node writes it: byte for byte. Pure."""

from decimal import Decimal

from features import Kept
from json_text import written

features_topic = "features"
late_topic = "too-late"


def feature_key(start_ms: int, user: str) -> str:
    return f"{start_ms}/{user}"


def feature_record(op: str, start_ms: int, end_ms: int, user: str, kept: Kept) -> str:
    record = {
        "op": op,
        "version": kept["version"],
        "user": user,
        "startMs": start_ms,
        "endMs": end_ms,
        "views": kept["views"],
        "purchases": kept["purchases"],
        "spent_cents": kept["cents"],
        "last_kind": kept["lastKind"],
    }
    ratio = plain(kept["purchases"] / (kept["views"] + kept["purchases"]))
    return f'{written(record)[:-1]},"purchase_ratio":{ratio}}}'


def late_record(activity: dict, too_late_ms: int) -> str:
    return written(
        {
            "id": activity["id"],
            "user": activity["user"],
            "atMs": activity["atMs"],
            "tooLateMs": too_late_ms,
        }
    )


def plain(number: float) -> str:
    """The shortest digits that mean this number, without an exponent: right from a millionth on."""
    digits = format(Decimal(repr(number)), "f")
    return digits.removesuffix(".0")
