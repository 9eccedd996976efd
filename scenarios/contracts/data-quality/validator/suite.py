"""The suite, as data beside this folder, and what it is asked about a batch with."""

import json
import math
from datetime import datetime, timedelta
from pathlib import Path

import great_expectations as gx

suite_file = Path(__file__).resolve().parent.parent / "suite" / "sales.json"


def read_suite(file: Path = suite_file) -> gx.ExpectationSuite:
    said = json.loads(file.read_text(encoding="utf-8"))
    suite = gx.ExpectationSuite(**said)
    # One that it can't read it leaves out, with a line in its log: a rule that nobody would hold anything against.
    if len(suite.expectations) != len(said["expectations"]):
        raise ValueError(f"of {len(said['expectations'])} expectations in {file} {len(suite.expectations)} can be read")
    return suite


def parameters_of(suite: gx.ExpectationSuite, day: str, row_count: int) -> dict:
    """What the suite leaves open: it hangs on the batch's day, and on how many rows its maker has counted."""
    times = suite.meta["times"]
    weights = suite.meta["statistics"]["parcel_grams"]
    begin = datetime.fromisoformat(day)
    end = begin + timedelta(days=1)
    margin = weights["standardErrors"] * weights["sd"] / math.sqrt(max(1, row_count))
    return {
        "row_count": row_count,
        "ordered_from": begin - timedelta(days=times["daysLate"]),
        "ordered_to": end,
        "newest_from": end - timedelta(hours=times["freshWithinHours"]),
        "parcel_grams_mean_least": weights["mean"] - margin,
        "parcel_grams_mean_most": weights["mean"] + margin,
    }
