import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;

/** A message a line on standard input through the job, without any cluster; its results, and at last what is left. */
final class ReplayFeatures {
	public static void main(String[] arguments) throws Exception {
		var options = new FeatureJob.Options(
				Variables.number("WINDOW_MS", 0),
				Variables.number("DELAY_MS", 0),
				Variables.number("LATENESS_MS", 0),
				Variables.text("TELLS_LATE", "true").equals("true"));
		var job = new FeatureJob(options, new CheckpointedState().store());
		PartitionJob.Output output = (to, key, value, cause) -> tell(List.of(to, key, value));
		var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
		for (String line = input.readLine(); line != null; line = input.readLine())
			job.process(new Message(0, 0, line.getBytes(UTF_8)), output);
		tell(job.left());
	}

	private static void tell(Object said) throws JsonProcessingException {
		System.out.println(Json.write(said));
	}
}
