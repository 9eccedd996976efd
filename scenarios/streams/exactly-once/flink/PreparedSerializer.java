import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Prepared ones as a checkpoint has them: whoever reads one has restored it. */
final class PreparedSerializer implements SimpleVersionedSerializer<Prepared> {
	private static final int version = 1;

	/** Null of a sink that has none. */
	private final SimpleVersionedSerializer<KafkaCommittable> transactions;

	PreparedSerializer(SimpleVersionedSerializer<KafkaCommittable> transactions) {
		this.transactions = transactions;
	}

	static PreparedSerializer withoutTransactions() {
		return new PreparedSerializer(null);
	}

	@Override
	public int getVersion() {
		return version;
	}

	@Override
	public byte[] serialize(Prepared prepared) throws IOException {
		var bytes = new ByteArrayOutputStream();
		var written = new DataOutputStream(bytes);
		written.writeInt(prepared.attempts().size());
		for (String attempt : prepared.attempts()) written.writeUTF(attempt);
		if (prepared.transaction() != null) {
			written.writeInt(transactions.getVersion());
			written.write(transactions.serialize(prepared.transaction()));
		}
		return bytes.toByteArray();
	}

	@Override
	public Prepared deserialize(int version, byte[] bytes) throws IOException {
		var read = new DataInputStream(new ByteArrayInputStream(bytes));
		List<String> attempts = new ArrayList<>();
		for (int left = read.readInt(); left > 0; left--) attempts.add(read.readUTF());
		if (read.available() == 0) return new Prepared(null, attempts, true);
		int transactionVersion = read.readInt();
		return new Prepared(transactions.deserialize(transactionVersion, read.readAllBytes()), attempts, true);
	}
}
