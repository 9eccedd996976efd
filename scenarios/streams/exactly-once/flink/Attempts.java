import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The attempts of this process, as `attempts.ts` has them: the payments of a partition between two checkpoints. A line each
 * time that one begins, comes to a step or goes on from it, and ends.
 */
final class Attempts {
	static final String beforeWrite = "before-write";
	static final String beforeCommit = "before-commit";
	static final String afterCommit = "after-commit";

	private static final String file = "attempts.ndjson";
	private static final String name = Variables.text("NAME", "flink") + "-" + ProcessHandle.current().pid() + "-";
	private static final AtomicLong count = new AtomicLong();

	private Attempts() {}

	/** One that is under way; its payments are all known when its checkpoint begins. */
	record Attempt(String id, List<Long> offsets) {}

	/** An atomic one leaves nothing that a reader could see where it does not commit. */
	static Attempt begin(int partition, boolean isAtomic) {
		String id = name + count.getAndIncrement();
		tell(Map.of("begin", id, "partition", partition, "offsets", List.of(), "atomic", isAtomic));
		return new Attempt(id, new ArrayList<>());
	}

	static void whole(Attempt attempt) {
		tell(Map.of("id", attempt.id(), "offsets", attempt.offsets()));
	}

	/** All of these have come to a step; it is where a fault may hold them. */
	static void reach(String step, Collection<String> ids) throws InterruptedException {
		came(step, ids);
		Steps.reach(step);
		for (String id : ids) tell(Map.of("id", id, "went", step));
	}

	static void came(String step, Collection<String> ids) {
		for (String id : ids) tell(Map.of("id", id, "came", step));
	}

	static void committed(Collection<String> ids) {
		end(ids, "committed", null);
	}

	/** Their commit was refused, and nothing of them is there. */
	static void fenced(Collection<String> ids, Throwable why) {
		end(ids, "fenced", why);
	}

	static void unknown(Collection<String> ids, Throwable why) {
		end(ids, "unknown", why);
	}

	private static void end(Collection<String> ids, String ended, Throwable why) {
		for (String id : ids) {
			Map<String, Object> said = new LinkedHashMap<>(Map.of("id", id, "ended", ended));
			said.put("error", why == null ? null : why.toString());
			tell(said);
		}
	}

	private static void tell(Map<String, ?> said) {
		Lines.tell(file, said);
	}
}
