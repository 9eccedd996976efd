import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Lives of a partition through the job, without any cluster: a line of standard input is `[n, what, with]`. It prints each
 * result with the n that brought it about, and what is left where it is asked.
 */
final class ReplayWindows {
	private static CheckpointedState state;
	private static WindowJob.Options options;
	private static WindowJob job;

	public static void main(String[] arguments) throws Exception {
		var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
		for (String line = input.readLine(); line != null; line = input.readLine()) {
			JsonNode step = Json.read(line.getBytes(UTF_8));
			take(step.get(0).asInt(), step.get(1).asText(), step.get(2));
		}
	}

	private static void take(int n, String what, JsonNode with) throws Exception {
		PartitionJob.Output output = (to, key, value, cause) -> tell(List.of(n, key, value));
		switch (what) {
			case "is born" -> {
				options = new WindowJob.Options(
						with.get("delayMsMax").asLong(),
						with.get("horizonMs").asLong(),
						with.get("skewMs").asLong(),
						with.get("isNaive").asBoolean());
				goOn(new CheckpointedState());
			}
			case "message" -> {
				byte[] value = with.asText().getBytes(UTF_8);
				if (options.shownMs(value) != shownBy(value))
					throw new IllegalStateException("the clock says another time");
				job.process(new Message(0, n, value), output);
			}
			case "is quiet" -> {
				List<Long> othersMs = new ArrayList<>();
				for (JsonNode one : with) othersMs.add(one.asLong());
				job.waitWith(othersMs, output);
			}
			case "begins a checkpoint" -> state.beginCheckpoint();
			case "is restored" -> goOn(state.restored());
			case "keeps all until" -> new Progress(state.store()).goTo(with.asLong());
			case "is asked" -> tell(job.left());
			default -> throw new IllegalArgumentException(what);
		}
	}

	private static void goOn(CheckpointedState next) {
		state = next;
		job = new WindowJob(options, state.store());
	}

	/** As the job reads the message. */
	private static long shownBy(byte[] value) throws Exception {
		Purchase one = options.isNaive() ? Purchase.decodeNaively(value) : Purchase.decode(value);
		return one.provenMs() - options.delayMsMax();
	}

	private static void tell(Object said) throws JsonProcessingException {
		System.out.println(Json.write(said));
	}
}
