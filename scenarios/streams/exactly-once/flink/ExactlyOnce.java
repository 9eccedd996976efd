import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;

/** Postings on Flink, as `processor.ts` makes them in Node. The naive one writes at least once. `SINK` says where to. */
final class ExactlyOnce {
	private ExactlyOnce() {}

	public static void main(String[] arguments) throws Exception {
		var topics = Topics.besideInput("payments", List.of(PostingJob.postingsTopic));
		StreamJob.run(topics, PostingJob::new, sinkOf(topics));
	}

	private static Sink<Result> sinkOf(Topics topics) {
		String name = Variables.text("SINK", "kafka");
		return switch (name) {
			case "kafka" -> AttemptSink.to(topics, Variables.isNaive());
			case "upsert" -> new UpsertSink(Variables.isNaive());
			default -> throw new IllegalArgumentException("SINK has to be kafka or upsert, but is \"" + name + "\"");
		};
	}
}
