import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;

/**
 * Messages through one job after another, without any cluster: a line of standard input is a message, or `{"is": "born", …}`
 * with the options of the job that takes what follows, or `{"is": "asked"}` for what it has left. It prints its results, and that.
 */
final class ReplayFeatures {
	public static void main(String[] arguments) throws Exception {
		FeatureJob job = null;
		PartitionJob.Output output = (to, key, value, cause) -> tell(List.of(to, key, value));
		var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
		for (String line = input.readLine(); line != null; line = input.readLine())
			if (line.startsWith("{\"is\":\"born\"")) job = born(Json.read(line.getBytes(UTF_8)));
			else if (line.startsWith("{\"is\":\"asked\"")) tell(job.left());
			else job.process(new Message(0, 0, line.getBytes(UTF_8)), output);
	}

	private static FeatureJob born(JsonNode with) throws Exception {
		var options = new FeatureJob.Options(
				with.get("windowMs").asLong(),
				with.get("delayMs").asLong(),
				with.get("latenessMs").asLong(),
				with.get("tellsLate").asBoolean());
		return new FeatureJob(options, new CheckpointedState().store());
	}

	private static void tell(Object said) throws JsonProcessingException {
		System.out.println(Json.write(said));
	}
}
