import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataOutputSerializer;

/** What state takes where it is written down: as many bytes as a checkpoint has of it. */
final class StateSize {
	private StateSize() {}

	static <K, V> long of(MapState<K, V> state, TypeInformation<K> key, TypeInformation<V> value) throws Exception {
		var config = new SerializerConfigImpl();
		var keys = key.createSerializer(config);
		var values = value.createSerializer(config);
		var written = new DataOutputSerializer(4_096);
		for (var entry : state.entries()) {
			keys.serialize(entry.getKey(), written);
			values.serialize(entry.getValue(), written);
		}
		return written.length();
	}
}
