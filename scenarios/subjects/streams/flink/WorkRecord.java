import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The work of this process, of all its subtasks: `work.ndjson`, whose lines are those of `work-record.ts`, and
 * `stands.ndjson`, how far each partition has come with all that is committed.
 */
final class WorkRecord {
	/** A partition as of a checkpoint, and what came of it since the one before. */
	record Part(
			int partition,
			long from,
			long to,
			Long watermarkMs,
			Map<String, Object> left,
			Map<String, Long> stateBytes,
			int resultCount,
			List<Sent> causes) {}

	private static final Map<String, LatencyCounts> latencies = new TreeMap<>();

	/** Since when there is no state; at first, since this process began. */
	private static double lostMs = Lines.nowMs() - ManagementFactory.getRuntimeMXBean().getUptime();

	private static final OperatingSystemMXBean process =
			(OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
	private static boolean isReady = false;

	private WorkRecord() {}

	/** The state of the subtasks is gone: from now on it takes time to have it again. */
	static synchronized void lost() {
		lostMs = Lines.nowMs();
	}

	/** A partition goes on at a position, with the state that it has. */
	static synchronized void session(Part part, int restoredCount) {
		tell("session", Map.of(
				"partition", part.partition(),
				"position", part.to(),
				"restoredCount", restoredCount,
				"restoreMs", Lines.nowMs() - lostMs));
		stand(part);
	}

	/** Flink has begun the work anew; why stands in the log. */
	static synchronized void failure(int partition, int attempt) {
		tell("failure", Map.of(
				"partition", partition, "why", "the job was started again, for the " + attempt + ". time"));
	}

	/** Results, state and positions of these are committed. The first time, this process is ready: it works, and is safe. */
	static synchronized void committed(List<Part> parts) {
		if (!isReady) System.out.println("the first checkpoint is committed");
		isReady = true;
		if (parts.isEmpty()) return;
		double atMs = Lines.nowMs();
		for (Part part : parts) {
			tell("commit", Map.of(
					"partition", part.partition(),
					"from", part.from(),
					"to", part.to(),
					"resultCount", part.resultCount(),
					"bytes", part.stateBytes()));
			stand(part);
			for (Sent cause : part.causes())
				latencies
						.computeIfAbsent(cause.phase(), (phase) -> new LatencyCounts())
						.recordMs(atMs - cause.atMs());
		}
		Map<String, Object> byPhase = new LinkedHashMap<>();
		latencies.forEach((phase, counts) -> byPhase.put(phase, counts.entries()));
		long pid = ProcessHandle.current().pid();
		tell("latency", Map.of("pid", pid, "byPhase", byPhase));
		tell("cpu", Map.of("pid", pid, "cpuMs", process.getProcessCpuTime() / 1e6));
	}

	private static void stand(Part part) {
		Map<String, Object> said = new LinkedHashMap<>();
		said.put("partition", part.partition());
		said.put("position", part.to());
		said.put("watermarkMs", part.watermarkMs());
		said.put("left", part.left());
		Lines.append("stands.ndjson", said);
	}

	private static void tell(String kind, Map<String, Object> said) {
		Map<String, Object> line = new LinkedHashMap<>(Map.of("kind", kind));
		line.putAll(said);
		Lines.tell("work.ndjson", line);
	}
}
