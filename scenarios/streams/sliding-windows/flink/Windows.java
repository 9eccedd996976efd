import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Sliding windows over panes, as `windows.ts` has them. */
final class Windows {
	/** Windows of one size; a new one begins every `slideMs`, at whole multiples of it. */
	record Kind(String name, long sizeMs, long slideMs) {}

	/** Takes a window that is over, with what is in it. */
	interface Closed {
		void give(Kind kind, long startMs, Pane all) throws Exception;
	}

	private static final List<Kind> kinds = List.of(
			new Kind("1m", 60_000, 30_000), new Kind("5m", 300_000, 60_000), new Kind("1h", 3_600_000, 300_000));
	/** Divides every size and slide. */
	private static final long paneMs = 30_000;

	private Windows() {}

	static long paneOf(long atMs) {
		return startOf(atMs, paneMs);
	}

	/** The end of the last window that a pane is in. */
	static long lastEndMs(long paneStartMs) {
		long lastMs = Long.MIN_VALUE;
		for (Kind kind : kinds) lastMs = Math.max(lastMs, startOf(paneStartMs + kind.sizeMs(), kind.slideMs()));
		return lastMs;
	}

	/** The windows that end after `fromMs`, null of no time yet, and by `toMs`; none that is empty. */
	static void closedBetween(Map<Long, Pane> panes, Long fromMs, long toMs, Closed closed) throws Exception {
		if (panes.isEmpty()) return;
		long first = Collections.min(panes.keySet());
		long last = Collections.max(panes.keySet());
		for (Kind kind : kinds) {
			long after = fromMs == null ? first : Math.max(fromMs, first);
			long untilMs = Math.min(toMs, last + kind.sizeMs());
			for (long endMs = startOf(after, kind.slideMs()) + kind.slideMs(); endMs <= untilMs; endMs += kind.slideMs()) {
				Pane all = together(panes, endMs - kind.sizeMs(), endMs);
				if (all.count() > 0) closed.give(kind, endMs - kind.sizeMs(), all);
			}
		}
	}

	private static Pane together(Map<Long, Pane> panes, long fromMs, long toMs) {
		Pane all = Pane.empty;
		for (long atMs = fromMs; atMs < toMs; atMs += paneMs) {
			Pane pane = panes.get(atMs);
			if (pane != null) all = all.with(pane);
		}
		return all;
	}

	private static long startOf(long atMs, long everyMs) {
		return Math.floorDiv(atMs, everyMs) * everyMs;
	}
}
