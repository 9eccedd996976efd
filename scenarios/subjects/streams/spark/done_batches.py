"""Tells a sink which batches Spark has written down as done: its commit log has them by then, and no successor is given them."""

from pyspark.sql.streaming import StreamingQueryListener

from batch_sink import Sink


class DoneBatches(StreamingQueryListener):
    def __init__(self):
        self._sink: Sink | None = None

    def tell(self, sink: Sink) -> None:
        """This one from now on, and no other."""
        self._sink = sink

    def onQueryProgress(self, event) -> None:
        if self._sink is not None:
            self._sink.done(event.progress.batchId)

    def onQueryStarted(self, event) -> None:
        pass

    def onQueryTerminated(self, event) -> None:
        pass
