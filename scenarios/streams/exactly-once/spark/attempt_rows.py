"""Postings as the rows of a statement: what they hold, and the attempt that has written them. Pure."""

import json
from collections.abc import Sequence

from batch_sink import Given


def rows_of(results: Sequence[Given]) -> list[dict]:
    return [{**json.loads(given.result.value), **given.headers} for given in results]
