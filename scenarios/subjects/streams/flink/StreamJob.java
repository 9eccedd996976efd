import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.BiFunction;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs a job on the partitions of a topic, on a cluster of Flink's within this process. It is told what the members of a
 * consumer group are told: brokers by `FLT_PATH_LOG`, names by `FLT_TOPIC_PREFIX` and `INPUT`; besides, `CHECKPOINT_MS` and
 * `PARALLELISM`. Results are there when the checkpoint is complete that they are of, once. One that is started again goes on
 * from the newest checkpoint in its folder.
 */
final class StreamJob {
	/** Longer than a freeze or a restart, and short: so long a dead one that nobody starts again holds up who reads. */
	private static final String transactionTimeoutMs = "60000";

	private static final String jobName = "job";
	private static final Path checkpoints = Path.of("checkpoints").toAbsolutePath();

	private StreamJob() {}

	/** How partitions on which nothing comes go on: a look every so often, at what this clock tells of the others. */
	record Quiet(long lookMs, Clock clock) {}

	/** `results` are the job's topics, as it calls them: each is after the input's name. */
	static void run(String defaultInput, List<String> results, PartitionJob.Maker<PartitionJob> maker) throws Exception {
		run(defaultInput, results, (messages, input) -> messages
				.keyBy(Message::partition, Types.INT)
				.transform(jobName, TypeInformation.of(Result.class), new PlainPartitionOperator(maker, input + "-")));
	}

	/** The same, and its quiet partitions go on with the time of the others. */
	static void runWaiting(
			String defaultInput, List<String> results, PartitionJob.Maker<WaitingJob> maker, Quiet quiet)
			throws Exception {
		run(defaultInput, results, (messages, input) -> {
			var told = new ShownTimes(quiet.clock(), quiet.lookMs());
			var times = messages.transform("times", TypeInformation.of(PartitionTime.class), told).uid("times");
			var look = new WaitingPartitionOperator.Look(client(), input, quiet.lookMs());
			return messages
					.keyBy(Message::partition, Types.INT)
					.connect(times.broadcast())
					.transform(
							jobName,
							TypeInformation.of(Result.class),
							new WaitingPartitionOperator(maker, input + "-", look));
		});
	}

	private static void run(
			String defaultInput,
			List<String> results,
			BiFunction<DataStream<Message>, String, SingleOutputStreamOperator<Result>> work)
			throws Exception {
		String input = Variables.text("FLT_TOPIC_PREFIX", "") + Variables.text("INPUT", defaultInput);
		List<String> topics = results.stream().map((result) -> input + "-" + result).toList();
		int parallelism = (int) Variables.number("PARALLELISM", 1);
		var env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration());
		var messages = env.fromSource(sourceOf(input), WatermarkStrategy.noWatermarks(), "input").uid("input");
		work.apply(messages, input)
				.uid(jobName)
				.sinkTo(sinkTo(topics, input))
				.name("results")
				.uid("results");
		refuseUnchained(env.getStreamGraph(false).getJobGraph().getNumberOfVertices());
		execute(env, input);
	}

	/** Ends with the process: at once when it is told to, for a checkpoint is all that it takes to go on. */
	private static void execute(StreamExecutionEnvironment env, String name) {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
		try {
			env.execute(name);
		} catch (Throwable error) {
			error.printStackTrace();
			Runtime.getRuntime().halt(1);
		}
	}

	private static KafkaSource<Message> sourceOf(String input) {
		return KafkaSource.<Message>builder()
				.setProperties(client())
				.setTopics(input)
				.setStartingOffsets(OffsetsInitializer.earliest())
				.setDeserializer(new MessageReader())
				// Where it stands is in its checkpoint, and no group's affair.
				.setProperty("commit.offsets.on.checkpoint", "false")
				// A broker gathers for so long, as for a member of a group: else it answers with each message that comes.
				.setProperty("fetch.min.bytes", "65536")
				.setProperty("fetch.max.wait.ms", Variables.text("GATHER_MS", "50"))
				.build();
	}

	private static KafkaSink<Result> sinkTo(List<String> topics, String transactions) {
		return KafkaSink.<Result>builder()
				.setKafkaProducerConfig(client())
				.setProperty("transaction.timeout.ms", transactionTimeoutMs)
				// Nobody sees them before the checkpoint, which sends at once what is still gathered.
				.setProperty("linger.ms", "100")
				.setRecordSerializer(new ResultWriter(topics))
				.setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
				.setTransactionalIdPrefix(transactions)
				// A few names that are used again: with a new one for each checkpoint the broker would keep thousands.
				.setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
				.build();
	}

	private static Properties client() {
		var properties = new Properties();
		properties.setProperty("bootstrap.servers", Variables.text("FLT_PATH_LOG", "127.0.0.1:9092"));
		properties.setProperty("enable.metrics.push", "false");
		// A broker that restarts or is slow is asked again soon.
		properties.setProperty("reconnect.backoff.max.ms", "250");
		return properties;
	}

	private static Configuration configuration() throws Exception {
		var all = new Configuration();
		all.set(StateBackendOptions.STATE_BACKEND, "hashmap");
		all.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
		all.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, urlOf(checkpoints));
		all.set(
				CheckpointingOptions.CHECKPOINTING_INTERVAL,
				Duration.ofMillis(Variables.number("CHECKPOINT_MS", 200)));
		all.set(
				CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
				ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
		all.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 2);
		all.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
		var newest = Checkpoints.newestIn(checkpoints);
		if (newest.isPresent()) all.set(StateRecoveryOptions.SAVEPOINT_PATH, urlOf(newest.get()));
		all.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
		all.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
		all.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
		all.set(PipelineOptions.OBJECT_REUSE, true);
		all.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
		all.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
		all.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
		for (var host : List.of(JobManagerOptions.BIND_HOST, TaskManagerOptions.BIND_HOST)) all.set(host, "localhost");
		all.set(RestOptions.BIND_ADDRESS, "localhost");
		all.set(RestOptions.BIND_PORT, "0");
		return all;
	}

	/** As Flink reads URLs, which decodes nothing: what Java makes of a letter that is not ASCII is another folder to it. */
	private static String urlOf(Path path) {
		return "file://" + path;
	}

	/** `PartitionOperator` tells what is committed, which it knows only where the sink is in its chain. */
	private static void refuseUnchained(int vertices) {
		if (vertices != 2)
			throw new IllegalStateException(
					"Flink made " + vertices + " tasks of the job; two were wanted, the source, and the job with its sink");
	}
}
