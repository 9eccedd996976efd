"""JSON as Node writes it, byte for byte: of what holds texts, whole numbers, truth and nothing. Pure."""

import json


def written(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
