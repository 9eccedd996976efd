"""Asks datacontract-cli about contracts and the tables that they are about, one state after another.

    DATACONTRACT_POSTGRES_USERNAME=… DATACONTRACT_POSTGRES_PASSWORD=… python3 worker.py

Each line of input is a JSON list of contracts: each with its text, the text that says besides where its tables are, and the text
that it had before. For each line there is one of output, JSON after `ANSWER `, of what `lint`, `test` and `breaking` say of them.
It ends with its input, and calls nobody but the server that a contract names.
"""

import json
import logging
import sys
from contextlib import redirect_stdout
from functools import cache
from importlib import metadata

from datacontract.data_contract import DataContract

server = "scratch"


def contract_of(text: str) -> DataContract:
    # References are not followed: they would be asked for on the network.
    return DataContract(data_contract_str=text, server=server, inline_references=False)


def said(run) -> dict:
    checks = [
        {
            "type": check.type,
            "model": check.model,
            "field": check.field,
            "result": check.result.value if check.result else "unknown",
            "reason": check.reason or check.name or "",
        }
        for check in run.checks
    ]
    return {"result": run.result.value, "checks": checks}


def changes_between(before: str, after: str) -> list[dict]:
    found = contract_of(before).breaking(contract_of(after))
    return [{"path": one.path, "level": one.level.value, "message": one.message} for one in found.entries]


@cache
def linted(text: str) -> dict:
    return said(contract_of(text).lint())


def asked(contract: dict) -> dict:
    lint = linted(contract["text"])
    # One with warnings is one.
    is_one = lint["result"] in ("passed", "warning")
    before = contract["before"]
    return {
        "file": contract["file"],
        "lint": lint,
        # What is no contract is held against nothing.
        "test": said(contract_of(contract["placed"]).test()) if is_one else None,
        "breaking": changes_between(before, contract["text"]) if is_one and before is not None else None,
    }


logging.disable(logging.CRITICAL)
version = metadata.version("datacontract-cli")
for line in sys.stdin:
    with redirect_stdout(sys.stderr):
        answer = {"version": version, "contracts": [asked(contract) for contract in json.loads(line)]}
    print("ANSWER", json.dumps(answer), flush=True)
