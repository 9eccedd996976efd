import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Loads what most jobs load: a small one, with checkpoints in the folder of start, and Kafka's clients, which reach nobody. */
public final class FlinkWarmUp {
	public static void main(String[] arguments) throws Exception {
		runJob();
		openClients();
	}

	private static void runJob() throws Exception {
		var all = new Configuration();
		all.setString("execution.checkpointing.storage", "filesystem");
		all.setString("execution.checkpointing.dir", "file://" + Path.of("checkpoints").toAbsolutePath());
		all.setString("execution.checkpointing.interval", "50ms");
		var env = StreamExecutionEnvironment.createLocalEnvironment(2, all);
		env.fromSequence(0, 1_000).rebalance().sinkTo(new DiscardingSink<>());
		env.execute();
	}

	private static void openClients() {
		Map<String, Object> nobody = Map.of("bootstrap.servers", "127.0.0.1:1");
		Admin.create(nobody).close(Duration.ZERO);
		var bytes = new ByteArraySerializer();
		new KafkaProducer<>(nobody, bytes, bytes).close(Duration.ZERO);
		var read = new ByteArrayDeserializer();
		new KafkaConsumer<>(nobody, read, read).close();
	}
}
