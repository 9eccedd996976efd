import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;

/**
 * The payments of one partition through one job after another, without any cluster: a line of standard input is an offset
 * with a payment, null where a checkpoint is begun, `[]` where the job is restored from it, and `{}` where it is over.
 */
final class ReplayPostings {
	private static final int partition = 3;

	public static void main(String[] arguments) throws Exception {
		var state = new CheckpointedState();
		var job = new PostingJob(state.store());
		PartitionJob.Output output = (to, key, value, cause) -> tell(List.of(to, key, value));
		var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
		for (String line = input.readLine(); line != null; line = input.readLine()) {
			JsonNode said = Json.read(line.getBytes(UTF_8));
			if (said.isNull()) state.beginCheckpoint();
			else if (said.isObject()) {
				tell(job.keptCount());
				state = new CheckpointedState();
				job = new PostingJob(state.store());
			} else if (said.isEmpty()) {
				state = state.restored();
				job = new PostingJob(state.store());
			} else {
				byte[] payment = said.get(1).asText().getBytes(UTF_8);
				job.process(new Message(partition, said.get(0).asLong(), payment), output);
			}
		}
	}

	private static void tell(Object said) throws JsonProcessingException {
		System.out.println(Json.write(said));
	}
}
