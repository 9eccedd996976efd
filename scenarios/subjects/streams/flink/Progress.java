import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/** How far a partition has come: in event time, and with what has become of its messages, by name. Keyed state of Flink's. */
public final class Progress {
	/** Of these every message is one, whatever else it is. */
	static final String events = "events";

	private static final ValueStateDescriptor<Long> watermarkState = new ValueStateDescriptor<>("watermark", Types.LONG);
	private static final MapStateDescriptor<String, Long> countsState =
			new MapStateDescriptor<>("counts", Types.STRING, Types.LONG);

	private final ValueState<Long> watermark;
	private final MapState<String, Long> counts;

	public Progress(KeyedStateStore store) {
		watermark = store.getState(watermarkState);
		counts = store.getMapState(countsState);
	}

	/** Null before any event. */
	Long watermarkMs() throws Exception {
		return watermark.value();
	}

	boolean hasReached(long ms) throws Exception {
		Long now = watermark.value();
		return now != null && now >= ms;
	}

	void goTo(Long ms) throws Exception {
		watermark.update(ms);
	}

	/** One more message, of which this has become. */
	void count(String outcome) throws Exception {
		add(events);
		add(outcome);
	}

	private void add(String name) throws Exception {
		Long before = counts.get(name);
		counts.put(name, before == null ? 1 : before + 1);
	}

	/** How many records that is: none before the first message. */
	int keptCount() throws Exception {
		return watermark.value() == null && counts.isEmpty() ? 0 : 1;
	}

	/** Messages by each of these outcomes, as JSON has it. */
	Map<String, Object> counts(List<String> outcomes) throws Exception {
		Map<String, Object> said = new LinkedHashMap<>();
		said.put(events, countOf(events));
		for (String outcome : outcomes) said.put(outcome, countOf(outcome));
		return said;
	}

	private long countOf(String name) throws Exception {
		Long count = counts.get(name);
		return count == null ? 0 : count;
	}
}
