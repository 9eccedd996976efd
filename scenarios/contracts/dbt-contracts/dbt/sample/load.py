"""Loads the sample into the database that the profile reads: python sample/load.py"""

import os
from pathlib import Path

import psycopg2

with psycopg2.connect(
    host=os.environ["DBT_HOST"],
    port=os.environ["DBT_PORT"],
    user=os.environ["DBT_USER"],
    password=os.environ.get("DBT_ENV_SECRET_PASSWORD", ""),
    dbname=os.environ["DBT_DATABASE"],
) as connection:
    connection.cursor().execute((Path(__file__).parent / "raw.sql").read_text())
