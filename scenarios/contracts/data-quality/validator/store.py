"""How the database is reached that batches are staged in."""

import select
import time
from urllib.parse import urlsplit

from psycopg2 import OperationalError, extensions


def answer_within(patience_s: float) -> None:
    """From now on a statement that gets no answer fails, however silent the other end is: its driver would wait for ever."""

    def wait(connection) -> None:
        until = time.monotonic() + patience_s
        while True:
            state = connection.poll()
            if state == extensions.POLL_OK:
                return
            left_s = until - time.monotonic()
            if left_s <= 0:
                raise OperationalError(f"the store has not answered within {patience_s} s")
            if state == extensions.POLL_READ:
                select.select([connection.fileno()], [], [], left_s)
            else:
                select.select([], [connection.fileno()], [], left_s)

    extensions.set_wait_callback(wait)


def sqlalchemy_url(url: str) -> str:
    """`postgres://…` as SQLAlchemy spells it."""
    return urlsplit(url)._replace(scheme="postgresql+psycopg2").geturl()
