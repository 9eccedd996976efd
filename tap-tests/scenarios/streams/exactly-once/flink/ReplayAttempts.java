import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;

/**
 * Attempts of one subtask, on a sink that is none of Kafka's: a line of standard input is `["write", partition, offset]`,
 * `["checkpoint"]`, `["restore"]` of what the last one has prepared, `["commit", how]` of that, or `["anew"]`: by another
 * subtask from then on.
 */
final class ReplayAttempts {
	public static void main(String[] arguments) throws Exception {
		boolean isNaive = Variables.isNaive();
		var writer = new AttemptWriter(new Postings(isNaive), !isNaive);
		var transactions = new Transactions();
		var committer = new AttemptCommitter(transactions);
		var topics = Topics.besideInput("payments", List.of(PostingJob.postingsTopic));
		var serializer = AttemptSink.to(topics, isNaive).getCommittableSerializer();
		Prepared prepared = null;
		var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
		for (String line = input.readLine(); line != null; line = input.readLine()) {
			JsonNode said = Json.read(line.getBytes(UTF_8));
			switch (said.get(0).asText()) {
				case "anew" -> writer = new AttemptWriter(new Postings(isNaive), !isNaive);
				case "write" -> {
					long position = said.get(2).asLong() + 1;
					writer.write(new Result("postings", said.get(1).asInt(), position, "account", "{}"), null);
				}
				case "checkpoint" -> {
					writer.flush(false);
					for (Prepared one : writer.prepareCommit()) prepared = one;
				}
				case "restore" ->
					prepared = serializer.deserialize(serializer.getVersion(), serializer.serialize(prepared));
				case "commit" -> {
					transactions.how = said.get(1).asText();
					committer.commit(List.of(new Request(prepared)));
				}
				default -> throw new IllegalArgumentException(line);
			}
		}
	}

	/** Writes nowhere; what it prepares is a transaction, but of a naive one. */
	private static final class Postings
			implements PrecommittingStatefulSinkWriter<Posting, KafkaWriterState, KafkaCommittable> {
		private final boolean isNaive;

		Postings(boolean isNaive) {
			this.isNaive = isNaive;
		}

		@Override
		public void write(Posting posting, SinkWriter.Context context) {
			System.out.println(posting.attempt() + " " + posting.result().partition());
		}

		@Override
		public void flush(boolean endOfInput) {}

		@Override
		public Collection<KafkaCommittable> prepareCommit() {
			return isNaive ? List.of() : List.of(new KafkaCommittable(7, (short) 2, "payments-0", null));
		}

		@Override
		public List<KafkaWriterState> snapshotState(long checkpointId) {
			return List.of();
		}

		@Override
		public void close() {}
	}

	private static final class Transactions implements Committer<KafkaCommittable> {
		private String how;

		@Override
		public void commit(Collection<CommitRequest<KafkaCommittable>> requests) {
			for (var request : requests) {
				if (request.getCommittable().getProducerId() != 7) throw new IllegalStateException("another one");
				switch (how) {
					case "done" -> {}
					case "refused" -> request.signalFailedWithKnownReason(new IllegalStateException("refused"));
					case "broken" -> request.signalFailedWithUnknownReason(new IllegalStateException("broken"));
					case "later" -> request.retryLater();
					default -> throw new IllegalArgumentException(how);
				}
			}
		}

		@Override
		public void close() {}
	}

	private record Request(Prepared prepared) implements Committer.CommitRequest<Prepared> {
		@Override
		public Prepared getCommittable() {
			return prepared;
		}

		@Override
		public int getNumberOfRetries() {
			return 0;
		}

		@Override
		public void signalFailedWithKnownReason(Throwable why) {}

		@Override
		public void signalFailedWithUnknownReason(Throwable why) {}

		@Override
		public void retryLater() {}

		@Override
		public void updateAndRetryLater(Prepared other) {}

		@Override
		public void signalAlreadyCommitted() {}
	}
}
