"""Compiles dbt packages, one after another.

    python worker.py

Each line of input is the folder of a package; for each there is one line of output, JSON after `ANSWER `: the models with
their SQL, each after those that it is made of, or what is wrong. It needs no database: nothing is asked of one to compile.
Ends with its input.
"""

import json
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

profiles = str(Path(__file__).resolve().parent)


def compiled(folder: str) -> dict:
    places = ["--project-dir", folder, "--profiles-dir", profiles, "--target-path", str(Path(folder, "target"))]
    options = ["--no-introspect", "--no-populate-cache", "--no-partial-parse", "--log-level", "none"]
    options += ["--log-level-file", "none", "--no-use-colors", "--no-version-check"]
    done = dbtRunner().invoke(["compile", *places, *options])
    results = [one for one in (done.result or []) if str(one.node.resource_type) == "model"]
    wrong = [
        {"name": one.node.name, "message": one.message or str(one.status)}
        for one in results
        if str(one.status) != "success"
    ]
    if done.exception is not None:
        wrong.append({"name": None, "message": str(done.exception)})
    elif not done.success and not wrong:
        wrong.append({"name": None, "message": "dbt says no more than that it did not succeed"})
    models = [{"name": one.node.name, "sql": one.node.compiled_code} for one in results]
    return {"wrong": wrong, "models": [] if wrong else models}


for line in sys.stdin:
    print("ANSWER", json.dumps(compiled(line.strip())), flush=True)
