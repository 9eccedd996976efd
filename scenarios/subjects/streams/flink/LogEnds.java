import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Where the partitions of a topic end, asked beside the work. */
final class LogEnds implements AutoCloseable {
	private static final int limitMs = 5_000;

	private final Admin admin;
	private final String topic;

	LogEnds(Properties client, String topic) {
		this.admin = Admin.create(client);
		this.topic = topic;
	}

	/** By partition; answered on a thread of the client. */
	CompletionStage<Map<Integer, Long>> of(Collection<Integer> partitions) {
		Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
		for (int partition : partitions) asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
		return admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs(limitMs))
				.all()
				.toCompletionStage()
				.thenApply((found) -> {
					Map<Integer, Long> ends = new HashMap<>();
					found.forEach((one, end) -> ends.put(one.partition(), end.offset()));
					return ends;
				});
	}

	@Override
	public void close() {
		admin.close(Duration.ZERO);
	}
}
