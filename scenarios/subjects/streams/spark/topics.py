"""The topics of a query by their whole names: its input, and those of results, which the job calls otherwise."""

from typing import NamedTuple

from variables import text


class Topics(NamedTuple):
    input: str
    # Of the query's own: what is committed is kept by this name, and whoever writes for it shuts out the one before.
    group: str
    result_prefix: str

    def of(self, result: str) -> str:
        return self.result_prefix + result


def after_input(default_input: str, group: str) -> Topics:
    """Results in topics that are called after the input, which `INPUT` names; the group as well."""
    whole = _prefix() + text("INPUT", default_input)
    return Topics(whole, f"{whole}-{group}", f"{whole}-")


def beside_input(input_topic: str, group: str) -> Topics:
    """Results in topics that are called as the job calls them, and a group that is called as it is here."""
    return Topics(_prefix() + input_topic, _prefix() + group, _prefix())


def _prefix() -> str:
    return text("FLT_TOPIC_PREFIX", "")
