"""Reads results of expectations, as JSON, and prints what is made of them."""

import json
import sys
from types import SimpleNamespace

from judge import NoVerdict, findings_of

asked = json.load(sys.stdin)
results = [
    SimpleNamespace(
        success=one["success"],
        exception_info=one.get("info"),
        expectation_config=SimpleNamespace(meta={"rule": one["rule"], "columns": one["columns"]}),
        result=one.get("result", {}),
    )
    for one in asked["results"]
]
try:
    print(json.dumps({"findings": findings_of(SimpleNamespace(results=results), asked["wanted"])}))
except NoVerdict as none:
    print(json.dumps({"none": str(none)}))
