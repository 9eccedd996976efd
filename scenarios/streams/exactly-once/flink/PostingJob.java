import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A posting for each payment, with the balance of its account after it. The state is keyed by the partition, and within that
 * by the account: keyed by the account alone, two subtasks would write to one partition, and of its order only that of
 * each account would be left.
 */
final class PostingJob implements PartitionJob {
	static final String postingsTopic = "postings";

	private static final TypeInformation<Balance> balance = TypeInformation.of(Balance.class);
	private static final MapStateDescriptor<String, Balance> balancesState =
			new MapStateDescriptor<>("balances", Types.STRING, balance);

	private final MapState<String, Balance> balances;

	PostingJob(KeyedStateStore store) {
		balances = store.getMapState(balancesState);
	}

	@Override
	public void process(Message message, Output output) throws Exception {
		JsonNode payment = Json.read(message.value());
		String account = payment.get("account").asText();
		long cents = payment.get("cents").asLong();
		Balance before = balances.get(account);
		Balance after = (before == null ? Balance.opened : before).with(cents);
		balances.put(account, after);
		ObjectNode posting = Json.object();
		posting.put("partition", message.partition()).put("offset", message.offset());
		posting.put("account", account).put("cents", cents);
		posting.put("seq", after.seq()).put("balanceCents", after.balanceCents());
		output.give(postingsTopic, account, Json.write(posting), Sent.never);
	}

	@Override
	public Long watermarkMs() {
		return null;
	}

	@Override
	public int keptCount() throws Exception {
		int count = 0;
		for (String account : balances.keys()) count++;
		return count;
	}

	@Override
	public Map<String, Long> stateBytes() throws Exception {
		return Map.of("balances", StateSize.of(balances, Types.STRING, balance));
	}

	@Override
	public Map<String, Object> left() {
		return Map.of();
	}
}
