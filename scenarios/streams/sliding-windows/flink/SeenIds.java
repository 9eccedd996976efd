import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Which events have been seen, for as long as one may come again, as `seen-ids.ts` has it. No time to live of Flink's: that
 * goes by the machine's clock, or by the watermark of all partitions, and the horizon is one of the partition's own.
 */
final class SeenIds {
	/** Takes a user's bucket. */
	interface Told {
		void bucket(String user, long startMs) throws Exception;
	}

	private static final long bucketMs = 60_000;
	private static final TypeInformation<Map<Long, Set<String>>> buckets =
			Types.MAP(Types.LONG, Types.SET(Types.STRING));
	private static final MapStateDescriptor<String, Map<Long, Set<String>>> state =
			new MapStateDescriptor<>("ids", Types.STRING, buckets);

	private final long horizonMs;
	/** By the user, then by the bucket's start: an id is looked for in all buckets of its user, and goes with its own. */
	private final MapState<String, Map<Long, Set<String>>> ids;

	SeenIds(long horizonMs, KeyedStateStore store) {
		this.horizonMs = horizonMs;
		this.ids = store.getMapState(state);
	}

	/** Whether it is a new one. */
	boolean add(String user, String id, long provenMs) throws Exception {
		Map<Long, Set<String>> buckets = ids.get(user);
		if (buckets == null) buckets = new HashMap<>();
		for (Set<String> bucket : buckets.values()) if (bucket.contains(id)) return false;
		buckets.computeIfAbsent(Math.floorDiv(provenMs, bucketMs) * bucketMs, (start) -> new HashSet<>()).add(id);
		ids.put(user, buckets);
		return true;
	}

	/** Lets go of what can't come again. */
	void expire(long watermarkMs) throws Exception {
		for (var users = ids.iterator(); users.hasNext(); ) {
			var one = users.next();
			Map<Long, Set<String>> buckets = one.getValue();
			if (!buckets.keySet().removeIf((startMs) -> isGone(startMs, watermarkMs))) continue;
			if (buckets.isEmpty()) users.remove();
			else one.setValue(buckets);
		}
	}

	/** Those of which none can come again by then. */
	void goneBy(long watermarkMs, Told told) throws Exception {
		for (var one : ids.entries())
			for (long startMs : one.getValue().keySet())
				if (isGone(startMs, watermarkMs)) told.bucket(one.getKey(), startMs);
	}

	int bucketCount() throws Exception {
		int count = 0;
		for (var buckets : ids.values()) count += buckets.size();
		return count;
	}

	/** As many as a checkpoint has of them, where names are ASCII. Reckoned, for to write them takes as long as a checkpoint. */
	long bytes() throws Exception {
		long bytes = 0;
		for (var one : ids.entries()) {
			bytes += bytesOf(one.getKey()) + Integer.BYTES;
			for (Set<String> bucket : one.getValue().values()) {
				bytes += Long.BYTES + 1 + Integer.BYTES;
				for (String id : bucket) bytes += 1 + bytesOf(id);
			}
		}
		return bytes;
	}

	/** Its length, and its characters. */
	private static long bytesOf(String text) {
		return 1 + text.length();
	}

	private boolean isGone(long startMs, long watermarkMs) {
		return startMs + bucketMs + horizonMs <= watermarkMs;
	}
}
