"""Calls that are given up at their limit, of a library that does not keep to it."""

import threading
from collections.abc import Callable
from typing import TypeVar

from batch_sink import SinkAway

T = TypeVar("T")


def within(limit_s: float, what: str, call: Callable[[], T]) -> T:
    """
    Its result or its error; `SinkAway` where neither comes in time. The call is left to itself then, with the thread that it
    is in: nobody can end it.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # it is raised where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, name=what, daemon=True)
    thread.start()
    thread.join(limit_s)
    if errors:
        raise errors[0]
    if not results:
        raise SinkAway(f"{what} did not come back within {limit_s:g} s")
    return results[0]
