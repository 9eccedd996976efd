import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;

/** A message a line on standard input through the job, without any cluster; its results, and at last what is left. */
final class ReplayFeatures {
	private static final ObjectMapper json = new ObjectMapper();

	public static void main(String[] arguments) throws Exception {
		var options = new FeatureJob.Options(
				Variables.number("WINDOW_MS", 0),
				Variables.number("DELAY_MS", 0),
				Variables.number("LATENESS_MS", 0),
				Variables.text("TELLS_LATE", "true").equals("true"));
		var job = new FeatureJob(options, new MapInMemory<>(), new ValueInMemory<>());
		var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = input.readLine(); line != null; line = input.readLine())
			job.process(line.getBytes(StandardCharsets.UTF_8), (to, key, value, cause) -> tell(List.of(to, key, value)));
		tell(job.left());
	}

	private static void tell(Object said) {
		try {
			System.out.println(json.writeValueAsString(said));
		} catch (JsonProcessingException error) {
			throw new IllegalStateException(error);
		}
	}

	private static final class ValueInMemory<T> implements ValueState<T> {
		private T value;

		public T value() {
			return value;
		}

		public void update(T next) {
			value = next;
		}

		public void clear() {
			value = null;
		}
	}

	private static final class MapInMemory<K, V> implements MapState<K, V> {
		private final Map<K, V> map = new LinkedHashMap<>();

		public V get(K key) {
			return map.get(key);
		}

		public void put(K key, V value) {
			map.put(key, value);
		}

		public void putAll(Map<K, V> all) {
			map.putAll(all);
		}

		public void remove(K key) {
			map.remove(key);
		}

		public boolean contains(K key) {
			return map.containsKey(key);
		}

		public Iterable<Map.Entry<K, V>> entries() {
			return map.entrySet();
		}

		public Iterable<K> keys() {
			return map.keySet();
		}

		public Iterable<V> values() {
			return map.values();
		}

		public Iterator<Map.Entry<K, V>> iterator() {
			return map.entrySet().iterator();
		}

		public boolean isEmpty() {
			return map.isEmpty();
		}

		public void clear() {
			map.clear();
		}
	}
}
