"""What is made of Great Expectations' results: a verdict, or that there is none."""


class NoVerdict(Exception):
    """The batch was not validated, for a reason that is not in it: ask again."""


def findings_of(result, wanted: int) -> list[dict]:
    """Every expectation that does not hold. A result that is missing, or that an error took the place of, is no finding."""
    if len(result.results) != wanted:
        raise NoVerdict(f"of {wanted} expectations {len(result.results)} have a result")
    for each in result.results:
        error = _error_in(each.exception_info)
        if error is not None:
            raise NoVerdict(f"{each.expectation_config.meta['rule']}: {error}")
    return [_finding_of(each) for each in result.results if not each.success]


def _error_in(info: dict | None) -> str | None:
    """Either of the expectation as a whole, or of each metric that it is made of."""
    if not info:
        return None
    parts = [info] if "raised_exception" in info else list(info.values())
    messages = [part.get("exception_message") or "an error" for part in parts if part.get("raised_exception")]
    return " ".join(str(messages[0]).split())[:300] if messages else None


def _finding_of(each) -> dict:
    meta = each.expectation_config.meta
    return {"columns": meta["columns"], "rule": meta["rule"], "detail": _detail_of(each.result)}


def _detail_of(result: dict) -> str:
    """In a few words: how many rows, of how many, and one of the values."""
    if "unexpected_count" in result:
        examples = result.get("partial_unexpected_list") or []
        such = f", such as {examples[0]!r}" if examples and examples[0] is not None else ""
        return f"{result['unexpected_count']} of {result['element_count']} rows{such}"
    return f"observed {result.get('observed_value')}"
