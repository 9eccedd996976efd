import java.util.List;
import java.util.TreeMap;

/** How often which latency came, in microseconds to three significant digits: what `latencyOf` sums up. */
final class LatencyCounts {
	private final TreeMap<Long, Long> counts = new TreeMap<>();

	void recordMs(double ms) {
		long us = Math.max(1, Math.round(ms * 1_000));
		long step = 1;
		while (us / step >= 1_000) step *= 10;
		counts.merge((us + step - 1) / step * step, 1L, Long::sum);
	}

	List<List<Long>> entries() {
		return counts.entrySet().stream().map((one) -> List.of(one.getKey(), one.getValue())).toList();
	}
}
