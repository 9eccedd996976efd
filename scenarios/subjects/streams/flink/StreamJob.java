import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
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
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs a job on the partitions of a topic, on a cluster of Flink's within this process. It is told what the members of a
 * consumer group are told: brokers by `FLT_PATH_LOG`, names by `FLT_TOPIC_PREFIX` and `INPUT`; besides, `CHECKPOINT_MS` and
 * `PARALLELISM`. One that is started again goes on from the newest checkpoint in its folder.
 */
final class StreamJob {
	private static final String jobName = "job";
	private static final Path checkpoints = Path.of("checkpoints").toAbsolutePath();

	private StreamJob() {}

	/** How partitions on which nothing comes go on: a look every so often, at what this clock tells of the others. */
	record Quiet(long lookMs, Clock clock) {}

	static void run(Topics topics, PartitionJob.Maker<PartitionJob> maker, Sink<Result> sink) throws Exception {
		run(topics, sink, (messages) -> messages
				.keyBy(Message::partition, Types.INT)
				.transform(jobName, TypeInformation.of(Result.class), new PlainPartitionOperator(maker, topics)));
	}

	/** The same, and its quiet partitions go on with the time of the others. */
	static void runWaiting(Topics topics, PartitionJob.Maker<WaitingJob> maker, Sink<Result> sink, Quiet quiet)
			throws Exception {
		run(topics, sink, (messages) -> {
			var told = new ShownTimes(quiet.clock(), quiet.lookMs());
			var times = messages.transform("times", TypeInformation.of(PartitionTime.class), told).uid("times");
			var look = new WaitingPartitionOperator.Look(KafkaEnds.client(), topics.input(), quiet.lookMs());
			return messages
					.keyBy(Message::partition, Types.INT)
					.connect(times.broadcast())
					.transform(
							jobName,
							TypeInformation.of(Result.class),
							new WaitingPartitionOperator(maker, topics, look));
		});
	}

	private static void run(
			Topics topics, Sink<Result> sink, Function<DataStream<Message>, SingleOutputStreamOperator<Result>> work)
			throws Exception {
		int parallelism = (int) Variables.number("PARALLELISM", 1);
		var env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration());
		var source = KafkaEnds.source(topics);
		var messages = env.fromSource(source, WatermarkStrategy.noWatermarks(), "input").uid("input");
		work.apply(messages).uid(jobName).sinkTo(sink).name("results").uid("results");
		refuseUnchained(env.getStreamGraph(false).getJobGraph().getNumberOfVertices());
		execute(env, topics.input());
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
