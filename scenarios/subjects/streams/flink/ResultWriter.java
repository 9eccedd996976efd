import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Results as records. It names its topics: in them a sink that begins looks for transactions that were left open. */
final class ResultWriter implements KafkaRecordSerializationSchema<Result>, KafkaDatasetFacetProvider {
	private final List<String> topics;

	ResultWriter(List<String> topics) {
		this.topics = List.copyOf(topics);
	}

	@Override
	public ProducerRecord<byte[], byte[]> serialize(Result result, KafkaSinkContext context, Long timestamp) {
		byte[] key = result.key().getBytes(UTF_8);
		byte[] value = result.value().getBytes(UTF_8);
		return new ProducerRecord<>(result.topic(), result.partition(), key, value);
	}

	@Override
	public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
		return Optional.of(new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(topics)));
	}
}
