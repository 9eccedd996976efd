"""The steps of a subject's work, so that a fault can strike at one of them: by files, as `chaos/subject/controls.ts` has it."""

import json
import os
import time
from pathlib import Path

_look_every_s = 0.002


class Steps:
    """Outside of a run nothing holds it. It says in a file at which order it stands, and so is the proof that it does."""

    def __init__(self, folder: str | None = os.environ.get("FLT_CONTROLS")):
        self._folder = None if folder is None else Path(folder)

    def reach(self, step: str) -> None:
        """The work has come to this step. Returns at once, but where a fault holds the subject there: then when it lets go."""
        order = self._order()
        if order is None or _step_in(order) != step:
            return
        self._tell(order)
        while self._order() == order:
            time.sleep(_look_every_s)
        self._tell("")

    def _order(self) -> str | None:
        if self._folder is None:
            return None
        try:
            return (self._folder / "hold-at-step.json").read_text()
        except OSError:
            return None  # there is none, or the run is over

    def _tell(self, said: str) -> None:
        draft = self._folder / ".hold-at-step.json.seen.draft"
        try:
            draft.write_text(said)
            draft.rename(self._folder / "hold-at-step.json.seen")
        except OSError:
            pass  # the run is over and its folder gone: no reason for a subject to fail


def _step_in(order: str) -> str | None:
    try:
        return json.loads(order)["step"]
    except (ValueError, KeyError, TypeError):
        return None
