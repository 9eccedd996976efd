import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Postings as records, with their attempt in the header. */
final class PostingWriter implements KafkaRecordSerializationSchema<Posting>, KafkaDatasetFacetProvider {
	private final ResultWriter results;

	PostingWriter(Topics topics) {
		results = new ResultWriter(topics.ofResults());
	}

	@Override
	public ProducerRecord<byte[], byte[]> serialize(Posting posting, KafkaSinkContext context, Long timestamp) {
		var record = results.serialize(posting.result(), context, timestamp);
		record.headers().add("attempt", posting.attempt().getBytes(UTF_8));
		return record;
	}

	@Override
	public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
		return results.getKafkaDatasetFacet();
	}
}
