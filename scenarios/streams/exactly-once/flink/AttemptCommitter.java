import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/** Commits what complete checkpoints have prepared, and tells what became of it. */
final class AttemptCommitter implements Committer<Prepared> {
	/** Null of a sink that has none. */
	private final Committer<KafkaCommittable> transactions;

	AttemptCommitter(Committer<KafkaCommittable> transactions) {
		this.transactions = transactions;
	}

	/** Of a sink whose checkpoint is its commit. */
	static AttemptCommitter withoutTransactions() {
		return new AttemptCommitter(null);
	}

	@Override
	public void commit(Collection<CommitRequest<Prepared>> requests) throws IOException, InterruptedException {
		for (var request : requests) commit(request);
	}

	/** What is restored is committed before the process is ready: no fault strikes at it by a step. */
	private void commit(CommitRequest<Prepared> request) throws IOException, InterruptedException {
		Prepared prepared = request.getCommittable();
		List<String> attempts = prepared.attempts();
		if (prepared.transaction() != null) {
			if (!prepared.isRestored()) Attempts.reach(Attempts.beforeCommit, attempts);
			var told = new Told(request);
			transactions.commit(List.of(told));
			if (told.isLeft) return;
		}
		if (prepared.isRestored()) Attempts.came(Attempts.afterCommit, attempts);
		else Attempts.reach(Attempts.afterCommit, attempts);
		Attempts.committed(attempts);
	}

	@Override
	public void close() throws Exception {
		if (transactions != null) transactions.close();
	}

	/** A request as the sink knows it; what the sink says of its end is written down. */
	private static final class Told implements CommitRequest<KafkaCommittable> {
		private final CommitRequest<Prepared> request;
		/** It is not committed, or not yet. */
		private boolean isLeft = false;

		Told(CommitRequest<Prepared> request) {
			this.request = request;
		}

		@Override
		public KafkaCommittable getCommittable() {
			return request.getCommittable().transaction();
		}

		@Override
		public int getNumberOfRetries() {
			return request.getNumberOfRetries();
		}

		/** It is Flink's way to go on after that, without these results. Of what another has prepared they may be there. */
		@Override
		public void signalFailedWithKnownReason(Throwable why) {
			isLeft = true;
			Prepared prepared = request.getCommittable();
			if (prepared.isRestored()) Attempts.unknown(prepared.attempts(), why);
			else Attempts.fenced(prepared.attempts(), why);
			request.signalFailedWithKnownReason(why);
		}

		@Override
		public void signalFailedWithUnknownReason(Throwable why) {
			isLeft = true;
			Attempts.unknown(request.getCommittable().attempts(), why);
			request.signalFailedWithUnknownReason(why);
		}

		@Override
		public void retryLater() {
			isLeft = true;
			request.retryLater();
		}

		@Override
		public void updateAndRetryLater(KafkaCommittable transaction) {
			isLeft = true;
			Prepared prepared = request.getCommittable();
			request.updateAndRetryLater(new Prepared(transaction, prepared.attempts(), prepared.isRestored()));
		}

		@Override
		public void signalAlreadyCommitted() {
			request.signalAlreadyCommitted();
		}
	}
}
