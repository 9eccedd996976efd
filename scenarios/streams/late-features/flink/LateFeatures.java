import java.util.List;

/** Features on Flink, as `consumer.ts` has them in Node. The naive one knows no late activities. */
final class LateFeatures {
	private LateFeatures() {}

	public static void main(String[] arguments) throws Exception {
		boolean isNaive = Variables.isNaive();
		var options = new FeatureJob.Options(
				Variables.number("WINDOW_MS", 60_000),
				Variables.number("DELAY_MS", 30_000),
				isNaive ? 0 : Variables.number("LATENESS_MS", 600_000),
				!isNaive);
		var topics = Topics.afterInput("activities", List.of(FeatureJob.featuresTopic, FeatureJob.lateTopic));
		StreamJob.run(topics, (store) -> new FeatureJob(options, store), KafkaEnds.onceSink(topics));
	}
}
