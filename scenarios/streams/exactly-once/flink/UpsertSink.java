import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A sink that takes the same posting any number of times: a row is known by its place in the input, and is not written
 * again. It needs no transaction, and its rows are there before the checkpoint that they are of. The naive one does not know
 * its rows again.
 */
final class UpsertSink implements Sink<Result>, SupportsCommitter<Prepared> {
	private final boolean isNaive;

	UpsertSink(boolean isNaive) {
		this.isNaive = isNaive;
	}

	@Override
	public AttemptWriter createWriter(WriterInitContext context) {
		return new AttemptWriter(new RowWriter(isNaive), false);
	}

	@Override
	public Committer<Prepared> createCommitter(CommitterInitContext context) {
		return AttemptCommitter.withoutTransactions();
	}

	@Override
	public SimpleVersionedSerializer<Prepared> getCommittableSerializer() {
		return PreparedSerializer.withoutTransactions();
	}
}
