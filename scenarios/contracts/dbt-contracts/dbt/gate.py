"""The gate in one dbt process: how old the sources are, then the build with every contract, constraint and test.

    python gate.py [--without-contracts] [dbt options]

Ends with 0 where everything holds, 1 where something does not, 2 where dbt itself broke. What was found is in dbt's own
`sources.json` and `run_results.json` of the target folder; how long each part took is in `gate.json` beside them.
"""

import gc
import json
import sys
import time
from pathlib import Path

began = time.perf_counter()
# A process of some seconds gives everything back at its end; to look for garbage is a tenth of its work.
gc.disable()

from dbt.cli.main import dbtRunner  # noqa: E402: the slow import is timed

took_ms = {}


def lap(part: str) -> None:
    global began
    now = time.perf_counter()
    took_ms[part] = round(1000 * (now - began))
    began = now


def gate(options: list[str], with_contracts: bool) -> int:
    """Freshness first: a build on data that is too old is work for nothing."""
    switch = [] if with_contracts else ["--vars", "{contracts: false}"]
    parsed = dbtRunner().invoke(["parse", "--no-write-json", *options, *switch])
    lap("parse")
    if not parsed.success:
        return 2
    runner = dbtRunner(manifest=parsed.result)
    steps = {"freshness": ["source", "freshness"], "build": ["build"]}
    if not with_contracts:
        del steps["freshness"]
    for step, command in steps.items():
        done = runner.invoke([*command, *options, *switch])
        lap(step)
        if not done.success:
            return 1 if done.exception is None else 2
    return 0


def target_of(options: list[str]) -> Path:
    return Path(options[options.index("--target-path") + 1] if "--target-path" in options else "target")


if __name__ == "__main__":
    lap("start")
    options = sys.argv[1:]
    with_contracts = "--without-contracts" not in options
    options = [option for option in options if option != "--without-contracts"]
    code = gate(options, with_contracts)
    target = target_of(options)
    target.mkdir(parents=True, exist_ok=True)
    (target / "gate.json").write_text(json.dumps(took_ms))
    sys.exit(code)
