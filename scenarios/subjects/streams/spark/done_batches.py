"""Tells a sink which batches Spark has written down as done: its commit log has them by then, and no successor is given them."""

from pyspark.sql import SparkSession
from pyspark.sql.streaming import StreamingQueryListener

from batch_sink import Sink, ToldWhenDone


class DoneBatches(StreamingQueryListener):
    """A session tells it all that there is to say of a batch, piece by piece: so only where a sink wants to hear of it."""

    def __init__(self, session: SparkSession):
        self._session = session
        self._sink: ToldWhenDone | None = None
        self._is_listening = False

    def tell(self, sink: Sink) -> None:
        """This one from now on, and no other."""
        self._sink = sink if isinstance(sink, ToldWhenDone) else None
        if self._sink is not None and not self._is_listening:
            self._session.streams.addListener(self)
            self._is_listening = True

    def onQueryProgress(self, event) -> None:
        if self._sink is not None:
            self._sink.done(event.progress.batchId)

    def onQueryStarted(self, event) -> None:
        pass

    def onQueryTerminated(self, event) -> None:
        pass
