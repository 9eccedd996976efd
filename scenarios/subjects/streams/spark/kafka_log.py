"""
Results in Kafka, a transaction for each batch: in it are also the positions that it brings the input to, as offsets of a
group of no members, each with a note of the batch and of how the partition stands. So a reader of what is committed sees
results, positions and batch together or not at all, and whoever begins again is told by the broker what there is.
"""

import json
from collections.abc import Callable, Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from batch_sink import Given
from partition_work import Stand
from topics import Topics
from within import within

_limit_s = 60
# A client that a broker has left in the middle of a transaction may wait for long: another one is sooner there.
_write_limit_s = 10
# librdkafka does not keep to the limit that it is given where it waits for a group's coordinator (its issue #5456): a
# connection that is reset at that moment makes it wait for ever.
_beside_s = 5
_refusals = {
    KafkaError._FENCED,
    KafkaError.INVALID_PRODUCER_EPOCH,
    KafkaError.INVALID_PRODUCER_ID_MAPPING,
    KafkaError.INVALID_TXN_STATE,
    KafkaError.PRODUCER_FENCED,
}
# Longer than a freeze or a restart, and short: so long a dead one that nobody starts again holds up who reads.
_transaction_timeout_ms = 60_000


class KafkaLog:
    """Of all that write for this input and group the newest; what the one before has left open is aborted, and it shut out."""

    def __init__(
        self, brokers: str, topics: Topics, transaction_timeout_ms: int = _transaction_timeout_ms
    ):
        client = {
            "bootstrap.servers": brokers,
            "enable.metrics.push": False,
            # A broker that restarts or is slow is asked again soon.
            "reconnect.backoff.max.ms": 250,
        }
        self._topics = topics
        self._producer = Producer(
            {
                **client,
                "transactional.id": topics.group,
                "transaction.timeout.ms": transaction_timeout_ms,
                "linger.ms": 5,
            }
        )
        # First this: what the one before had begun to commit is committed or aborted by then, and so are its offsets.
        self._bounded(_limit_s, self._producer.init_transactions, _limit_s)
        consumer = Consumer({**client, "group.id": topics.group, "enable.auto.commit": False})
        self._group = consumer.consumer_group_metadata()
        self.last_batch: int | None = None
        self.positions: dict[int, int] = {}
        self._read_back(consumer)
        consumer.close()

    def write(
        self,
        batch: int,
        results: Sequence[Given],
        stands: Sequence[Stand],
        before_commit: Callable[[], None],
    ) -> None:
        """What fails in the middle ends this writer: the next one looks what has come of it."""
        self._producer.begin_transaction()
        for given in results:
            self._send(given)
        if self._producer.flush(_write_limit_s) > 0:
            raise KafkaException(f"batch {batch} could not be sent within {_write_limit_s} s")
        offsets = [
            TopicPartition(self._topics.input, stand.partition, stand.end, _note(batch, stand))
            for stand in stands
        ]
        send_offsets = self._producer.send_offsets_to_transaction
        self._bounded(_write_limit_s, send_offsets, offsets, self._group, _write_limit_s)
        before_commit()
        self._bounded(_write_limit_s, self._producer.commit_transaction, _write_limit_s)
        self.last_batch = batch
        self.positions.update({stand.partition: stand.end for stand in stands})

    def _bounded(self, limit_s: float, call: Callable[..., None], *given: object) -> None:
        within(limit_s + _beside_s, call.__name__, lambda: call(*given))

    def is_refusal(self, error: Exception) -> bool:
        """Whether it says that nothing of the transaction is there: somebody else has the log by now, or it took too long."""
        return isinstance(error, KafkaException) and error.args[0].code() in _refusals

    def _send(self, given: Given) -> None:
        partition, (to, key, value, _), headers = given
        topic = self._topics.of(to)
        while True:
            try:
                self._producer.produce(
                    topic, value.encode(), key.encode(), partition, headers=dict(headers)
                )
                return
            except BufferError:
                self._producer.poll(0.1)  # so many are on their way already

    def _read_back(self, consumer: Consumer) -> None:
        topic = self._topics.input
        found = consumer.list_topics(topic, _limit_s).topics[topic].partitions
        asked = [TopicPartition(topic, partition) for partition in found]
        for committed in consumer.committed(asked, _limit_s):
            if committed.error is not None:
                raise RuntimeError(f"the broker does not tell what is committed: {committed.error}")
            if committed.offset < 0:
                continue
            self.positions[committed.partition] = committed.offset
            self.last_batch = max(self.last_batch or 0, json.loads(committed.metadata)["batch"])


def _note(batch: int, stand: Stand) -> str:
    """A broker takes 4,096 bytes of it."""
    return json.dumps({"batch": batch, "watermarkMs": stand.watermark_ms, "left": stand.left})
