import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/** Where a job begins and ends: a topic that is read from its checkpoint on, and results that are there with theirs. */
final class KafkaEnds {
	/**
	 * Longer than a freeze or a restart: what is prepared and times out before it is committed is lost. And short: so long
	 * a dead one that nobody starts again holds up who reads.
	 */
	private static final String transactionTimeoutMs = "60000";

	private KafkaEnds() {}

	static KafkaSource<Message> source(Topics topics) {
		return KafkaSource.<Message>builder()
				.setProperties(client())
				.setTopics(topics.input())
				.setStartingOffsets(OffsetsInitializer.earliest())
				.setDeserializer(new MessageReader())
				// Where it stands is in its checkpoint, and no group's affair.
				.setProperty("commit.offsets.on.checkpoint", "false")
				// A broker gathers for so long, as for a member of a group: else it answers with each message that comes.
				.setProperty("fetch.min.bytes", "65536")
				.setProperty("fetch.max.wait.ms", Variables.text("GATHER_MS", "50"))
				.build();
	}

	/** Each result once, when the checkpoint is complete that it is of. */
	static KafkaSink<Result> onceSink(Topics topics) {
		return sink(topics, new ResultWriter(topics.ofResults()), DeliveryGuarantee.EXACTLY_ONCE);
	}

	static <R> KafkaSink<R> sink(
			Topics topics, KafkaRecordSerializationSchema<R> writer, DeliveryGuarantee guarantee) {
		return KafkaSink.<R>builder()
				.setKafkaProducerConfig(client())
				.setProperty("transaction.timeout.ms", Variables.text("TRANSACTION_TIMEOUT_MS", transactionTimeoutMs))
				// Nobody sees them before the checkpoint, which sends at once what is still gathered.
				.setProperty("linger.ms", "100")
				.setRecordSerializer(writer)
				.setDeliveryGuarantee(guarantee)
				.setTransactionalIdPrefix(topics.input())
				// A few names that are used again: with a new one for each checkpoint the broker would keep thousands.
				.setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
				.build();
	}

	static Properties client() {
		var properties = new Properties();
		properties.setProperty("bootstrap.servers", Variables.text("FLT_PATH_LOG", "127.0.0.1:9092"));
		properties.setProperty("enable.metrics.push", "false");
		// A broker that restarts or is slow is asked again soon.
		properties.setProperty("reconnect.backoff.max.ms", "250");
		return properties;
	}
}
