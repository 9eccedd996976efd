"""Features on Spark, as `consumer.ts` has them in Node. The naive one knows no late activities."""

from feature_job import FeatureJob, Options
from stream_query import once_in_kafka, run
from topics import after_input
from variables import number, text

is_naive = text("GUARD", "on") == "off"
options = Options(
    window_ms=number("WINDOW_MS", 60_000),
    delay_ms=number("DELAY_MS", 30_000),
    lateness_ms=0 if is_naive else number("LATENESS_MS", 600_000),
    tells_late=not is_naive,
)

topics = after_input("activities", "features")
run(topics, lambda: FeatureJob(options), once_in_kafka(topics))
