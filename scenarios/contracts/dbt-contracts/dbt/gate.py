"""The gate in one dbt process: how old the sources are, then the build with every contract, constraint and test.

    python gate.py [--without-contracts]

It is about the project beside this file, and leaves dbt's own files in `target` of the folder that it is started in. The
database is the profile's, or that of DATABASE_URL. Ends with 0 where everything holds, 1 where something does not, 2 where
dbt itself broke. Its last line of output is JSON after `GATE `: of `sources.json`, `run_results.json` and `manifest.json` what
says which rule broke where, and how long each part took.
"""

import gc
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

began = time.perf_counter()
# A process of some seconds gives everything back at its end; to look for garbage is a tenth of its work.
gc.disable()

from dbt.cli.main import dbtRunner  # noqa: E402: the slow import is timed

project = Path(__file__).resolve().parent
target = Path("target").resolve()
took_ms = {}


def lap(part: str) -> None:
    global began
    now = time.perf_counter()
    took_ms[part] = round(1000 * (now - began))
    began = now


def profile_from(url: str) -> None:
    parts = urlsplit(url)
    os.environ["DBT_HOST"] = parts.hostname or "127.0.0.1"
    os.environ["DBT_PORT"] = str(parts.port or 5432)
    os.environ["DBT_USER"] = unquote(parts.username or "")
    os.environ["DBT_ENV_SECRET_PASSWORD"] = unquote(parts.password or "")
    os.environ["DBT_DATABASE"] = unquote(parts.path[1:])


def sources(results) -> list[dict]:
    """Also those without an age, such as of a table that is not there: dbt leaves them out of its file."""
    return [
        {
            "unique_id": result.node.unique_id,
            "status": str(result.status),
            "error": result.message,
            "max_loaded_at_time_ago_in_s": getattr(result, "age", None),
            "criteria": result.node.freshness.to_dict(),
        }
        for result in results
    ]


def nodes(results) -> list[dict]:
    return [
        {"unique_id": result.node.unique_id, "status": str(result.status), "message": result.message}
        for result in results
    ]


def test_of(node) -> dict:
    metadata = getattr(node, "test_metadata", None)
    return {
        "resource_type": str(node.resource_type),
        "name": node.name,
        "column_name": getattr(node, "column_name", None),
        "attached_node": getattr(node, "attached_node", None),
        "test_metadata": metadata and {"name": metadata.name, "kwargs": {"columns": metadata.kwargs.get("columns")}},
    }


def gate(with_contracts: bool) -> tuple[int, dict]:
    """Freshness first: a build on data that is too old is work for nothing."""
    places = ["--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(target)]
    options = [*places, "--log-level-file", "none", "--no-use-colors"]
    options += [] if with_contracts else ["--vars", "{contracts: false}"]
    told = {"sources": None, "runResults": None, "manifest": None}
    parsed = dbtRunner().invoke(["parse", "--no-write-json", *options])
    lap("parse")
    if not parsed.success:
        return 2, told
    manifest = parsed.result
    told["manifest"] = {
        "nodes": {id: test_of(node) for id, node in manifest.nodes.items()},
        "unit_tests": {id: {"model": node.model} for id, node in manifest.unit_tests.items()},
    }
    runner = dbtRunner(manifest=manifest)
    if with_contracts:
        done = runner.invoke(["source", "freshness", *options])
        lap("freshness")
        told["sources"] = {"results": sources(done.result or [])}
        if not done.success:
            return (1 if done.exception is None else 2), told
    done = runner.invoke(["build", *options])
    lap("build")
    told["runResults"] = {"results": nodes(done.result or [])}
    return (0 if done.success else 1 if done.exception is None else 2), told


if __name__ == "__main__":
    lap("start")
    if "DATABASE_URL" in os.environ:
        profile_from(os.environ["DATABASE_URL"])
    code, told = gate(with_contracts="--without-contracts" not in sys.argv[1:])
    print("GATE", json.dumps({**told, "tookMs": took_ms}), flush=True)
    sys.exit(code)
