import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;

/**
 * The payments of one partition through the job, without any cluster: a line of standard input is an offset with a payment,
 * null where a checkpoint is begun, or one that is restored from it where there is nothing else.
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
			else if (said.isEmpty()) {
				state = state.restored();
				job = new PostingJob(state.store());
			} else {
				byte[] payment = said.get(1).asText().getBytes(UTF_8);
				job.process(new Message(partition, said.get(0).asLong(), payment), output);
			}
		}
		tell(job.keptCount());
	}

	private static void tell(Object said) throws JsonProcessingException {
		System.out.println(Json.write(said));
	}
}
