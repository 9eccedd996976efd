import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;

/** Writes postings, each with its attempt, and prepares what a checkpoint commits. */
final class AttemptWriter
		implements StatefulSinkWriter<Result, KafkaWriterState>, CommittingSinkWriter<Result, Prepared> {
	private final PrecommittingStatefulSinkWriter<Posting, KafkaWriterState, KafkaCommittable> postings;
	private final boolean isAtomic;
	/** Since the last checkpoint that was begun, by partition. */
	private final Map<Integer, Attempts.Attempt> open = new TreeMap<>();

	AttemptWriter(
			PrecommittingStatefulSinkWriter<Posting, KafkaWriterState, KafkaCommittable> postings, boolean isAtomic) {
		this.postings = postings;
		this.isAtomic = isAtomic;
	}

	@Override
	public void write(Result result, Context context) throws IOException, InterruptedException {
		var attempt = open.computeIfAbsent(result.partition(), (partition) -> Attempts.begin(partition, isAtomic));
		// Each posting is of the payment before its position.
		attempt.offsets().add(result.position() - 1);
		postings.write(new Posting(result, attempt.id()), context);
	}

	/** A checkpoint begins: what is still gathered is sent. Where nothing came since the last there is no step. */
	@Override
	public void flush(boolean endOfInput) throws IOException, InterruptedException {
		open.values().forEach(Attempts::whole);
		if (!open.isEmpty()) Attempts.reach(Attempts.beforeWrite, ids());
		postings.flush(endOfInput);
		// Without a transaction the checkpoint is the commit.
		if (!open.isEmpty() && !isAtomic) Attempts.reach(Attempts.beforeCommit, ids());
	}

	@Override
	public Collection<Prepared> prepareCommit() throws IOException, InterruptedException {
		Iterator<KafkaCommittable> transaction = postings.prepareCommit().iterator();
		if (open.isEmpty()) return List.of();
		var prepared = new Prepared(transaction.hasNext() ? transaction.next() : null, ids(), false);
		open.clear();
		return List.of(prepared);
	}

	@Override
	public List<KafkaWriterState> snapshotState(long checkpointId) throws IOException {
		return postings.snapshotState(checkpointId);
	}

	@Override
	public void close() throws Exception {
		postings.close();
	}

	private List<String> ids() {
		return open.values().stream().map(Attempts.Attempt::id).toList();
	}
}
