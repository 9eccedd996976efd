"""Validates batches that are staged in a database, one after another, for as long as it lives: its start is paid once."""

import time
from collections.abc import Callable
from pathlib import Path

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

from judge import NoVerdict, findings_of
from pages import page_of, write_page
from store import sqlalchemy_url
from suite import parameters_of, read_suite

staging_schema = "staging"


class Validator:
    def __init__(self, url: str, pages: Path, reach: Callable[[str], None] = lambda step: None):
        self._url = sqlalchemy_url(url)
        self._pages = pages
        self._reach = reach
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._suite = self._context.suites.add(read_suite())
        self._source = None

    def validate(self, batch: int, table: str, day: str, row_count: int) -> dict:
        """Throws `NoVerdict`. A page is written before a batch is said to be blocked."""
        begin = time.perf_counter()
        try:
            result = self._result_of(table, parameters_of(self._suite, day, row_count))
            findings = findings_of(result, len(self._suite.expectations))
        except Exception as error:
            # What it has of the database may be broken: the next batch begins with new connections.
            self._forget()
            if isinstance(error, NoVerdict):
                raise
            raise NoVerdict(" ".join(str(error).split())[:300]) from error
        validated = time.perf_counter()
        self._reach("validated")
        page = None
        if findings:
            page = f"batch-{batch}.html"
            result.meta["run_id"] = {"run_name": f"batch {batch}", "run_time": day}
            write_page(self._pages, page, page_of(result))
        self._reach("written")
        took_ms = {
            "validate": 1000 * (validated - begin),
            "page": 1000 * (time.perf_counter() - validated),
        }
        return {"verdict": "blocked" if findings else "passed", "findings": findings, "page": page, "tookMs": took_ms}

    def _result_of(self, table: str, parameters: dict):
        if self._source is None:
            self._source = self._context.data_sources.add_or_update_postgres(
                name="staging", connection_string=self._url
            )
        asset = self._source.add_table_asset(name=table, table_name=table, schema_name=staging_schema)
        try:
            batch = asset.add_batch_definition_whole_table("all").get_batch()
            return batch.validate(self._suite, result_format="SUMMARY", expectation_parameters=parameters)
        finally:
            self._source.delete_asset(table)

    def _forget(self) -> None:
        if self._source is None:
            return
        try:
            self._source.get_engine().dispose()
        finally:
            self._source = None
