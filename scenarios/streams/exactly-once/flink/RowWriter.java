import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;

/**
 * Postings as rows of the database that `FLT_PATH_STORE` names: one statement for a checkpoint. What fails is not tried
 * again here: Flink begins the work anew, from the checkpoint before.
 */
final class RowWriter implements PrecommittingStatefulSinkWriter<Posting, KafkaWriterState, KafkaCommittable> {
	private static final String insert =
			"""
			insert into received (partition, "offset", account, cents, attempt)
			select partition, "offset", account, cents, attempt from json_to_recordset(?::json)
				as posting (partition int, "offset" bigint, account text, cents bigint, attempt text)
			""";
	private static final String known = "on conflict (partition, \"offset\") do nothing";

	private final String statement;
	private final ArrayNode rows = Json.array();
	private Connection connection;

	RowWriter(boolean isNaive) {
		statement = isNaive ? insert : insert + known;
	}

	@Override
	public void write(Posting posting, Context context) throws IOException {
		rows.add(((ObjectNode) Json.read(posting.result().value())).put("attempt", posting.attempt()));
	}

	@Override
	public void flush(boolean endOfInput) throws IOException {
		if (rows.isEmpty()) return;
		try {
			if (connection == null) connection = connect(Variables.text("FLT_PATH_STORE", "postgres://127.0.0.1:5432/postgres"));
			try (var inserting = connection.prepareStatement(statement)) {
				inserting.setString(1, Json.write(rows));
				inserting.executeUpdate();
			}
		} catch (SQLException error) {
			throw new IOException("postings can't be written as rows", error);
		}
		rows.removeAll();
	}

	@Override
	public Collection<KafkaCommittable> prepareCommit() {
		return List.of();
	}

	@Override
	public List<KafkaWriterState> snapshotState(long checkpointId) {
		return List.of();
	}

	@Override
	public void close() throws SQLException {
		if (connection != null) connection.close();
	}

	/** A URL as Node's client takes it. */
	private static Connection connect(String url) throws SQLException {
		URI at = URI.create(url);
		var properties = new Properties();
		if (at.getUserInfo() != null) {
			String[] userAndPassword = at.getUserInfo().split(":", 2);
			properties.setProperty("user", userAndPassword[0]);
			if (userAndPassword.length > 1) properties.setProperty("password", userAndPassword[1]);
		}
		// Who is cut off is told so, and not left waiting.
		properties.setProperty("socketTimeout", "10");
		properties.setProperty("connectTimeout", "5");
		return DriverManager.getConnection("jdbc:postgresql://" + at.getHost() + ":" + at.getPort() + at.getPath(), properties);
	}
}
