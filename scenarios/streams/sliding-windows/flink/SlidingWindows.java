import java.util.List;

/** Sliding windows on Flink, as `consumer.ts` has them in Node. The naive one thinks of neither clocks nor repeats. */
final class SlidingWindows {
	private SlidingWindows() {}

	public static void main(String[] arguments) throws Exception {
		var options = new WindowJob.Options(
				Variables.number("DELAY_MS_MAX", 120_000),
				Variables.number("HORIZON_MS", 7_200_000),
				Variables.number("SKEW_MS", 20_000),
				Variables.isNaive());
		var topics = Topics.afterInput("purchases", List.of(WindowJob.resultsTopic));
		StreamJob.runWaiting(
				topics,
				(store) -> new WindowJob(options, store),
				KafkaEnds.onceSink(topics),
				new StreamJob.Quiet(Variables.number("QUIET_LOOK_MS", 200), options::shownMs));
	}
}
