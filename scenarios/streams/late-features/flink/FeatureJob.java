import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The job of `feature-job.ts` with its state in Flink: features of each user over windows of event time, given when the
 * watermark comes to the window's end, corrected by what comes after that, and let go of `latenessMs` later; what comes then
 * goes to an output of its own. No windows of Flink's: their watermark is the least of all partitions', and which of the
 * three becomes of an activity would hang on how far others had been read.
 */
final class FeatureJob implements PartitionJob {
	static final String featuresTopic = "features";
	static final String lateTopic = "too-late";

	/** As `FeatureJobOptions`. */
	record Options(long windowMs, long delayMs, long latenessMs, boolean tellsLate) implements Serializable {}

	private static final TypeInformation<Map<String, Kept>> users =
			Types.MAP(Types.STRING, TypeInformation.of(Kept.class));
	private static final MapStateDescriptor<Long, Map<String, Kept>> windowsState =
			new MapStateDescriptor<>("windows", Types.LONG, users);
	private static final String onTime = "onTime";
	private static final String absorbed = "absorbed";
	private static final String late = "late";

	private final Options options;
	/** By the window's start, then by the user. */
	private final MapState<Long, Map<String, Kept>> windows;
	private final Progress progress;

	FeatureJob(Options options, KeyedStateStore store) {
		this.options = options;
		this.windows = store.getMapState(windowsState);
		this.progress = new Progress(store);
	}

	@Override
	public void process(Message message, Output output) throws Exception {
		Activity activity = Activity.decode(message.value());
		Long nowMs = progress.watermarkMs();
		long startMs = Math.floorDiv(activity.atMs(), options.windowMs()) * options.windowMs();
		long goneMs = endOf(startMs) + options.latenessMs();
		if (progress.hasReached(goneMs)) {
			progress.count(late);
			tooLate(activity, nowMs - goneMs, output);
		} else {
			boolean isGiven = progress.hasReached(endOf(startMs));
			progress.count(isGiven ? absorbed : onTime);
			add(startMs, activity, isGiven, output);
		}
		advance(nowMs, activity.provenMs() - options.delayMs(), activity.sent(), output);
	}

	@Override
	public Long watermarkMs() throws Exception {
		return progress.watermarkMs();
	}

	@Override
	public int keptCount() throws Exception {
		int count = progress.keptCount();
		for (var users : windows.values()) count += users.size();
		return count;
	}

	@Override
	public Map<String, Long> stateBytes() throws Exception {
		return Map.of("feature", StateSize.of(windows, Types.LONG, users));
	}

	@Override
	public Map<String, Object> left() throws Exception {
		int staleCount = 0;
		List<String> stale = new ArrayList<>();
		for (var window : windows.entries()) {
			if (!progress.hasReached(endOf(window.getKey()) + options.latenessMs())) continue;
			for (String user : window.getValue().keySet()) {
				staleCount++;
				if (stale.size() < 10) stale.add("feature/" + FeatureRecords.keyOf(window.getKey(), user));
			}
		}
		Map<String, Object> left = progress.counts(List.of(onTime, absorbed, late));
		left.put("staleCount", staleCount);
		left.put("stale", stale);
		return left;
	}

	private void add(long startMs, Activity activity, boolean isGiven, Output output) throws Exception {
		String user = activity.user();
		Map<String, Kept> users = windows.get(startMs);
		if (users == null) users = new LinkedHashMap<>();
		Kept before = users.getOrDefault(user, Kept.nothingYet);
		Kept now = before.with(activity);
		if (isGiven) {
			now = now.asVersion(now.version() + 1);
			if (before.version() > 0) give("retract", startMs, user, before, activity.sent(), output);
			give("assert", startMs, user, now, activity.sent(), output);
		}
		users.put(user, now);
		windows.put(startMs, users);
	}

	private void tooLate(Activity activity, long tooLateMs, Output output) throws Exception {
		if (!options.tellsLate()) return;
		output.give(lateTopic, activity.id(), FeatureRecords.tooLate(activity, tooLateMs), activity.sent());
	}

	/** Gives the features of windows that end by then, and lets go of those that no activity can change any more. */
	private void advance(Long fromMs, long toMs, Sent cause, Output output) throws Exception {
		if (fromMs != null && fromMs >= toMs) return;
		progress.goTo(toMs);
		List<Long> starts = new ArrayList<>();
		windows.keys().forEach(starts::add);
		for (long startMs : starts) {
			long endMs = endOf(startMs);
			if (endMs <= toMs && (fromMs == null || endMs > fromMs)) {
				Map<String, Kept> users = windows.get(startMs);
				users.replaceAll((user, kept) -> kept.asVersion(1));
				for (var one : users.entrySet())
					give("assert", startMs, one.getKey(), one.getValue(), cause, output);
				windows.put(startMs, users);
			}
			if (endMs + options.latenessMs() <= toMs) windows.remove(startMs);
		}
	}

	private void give(String op, long startMs, String user, Kept kept, Sent cause, Output output)
			throws Exception {
		String record = FeatureRecords.feature(op, startMs, endOf(startMs), user, kept);
		output.give(featuresTopic, FeatureRecords.keyOf(startMs, user), record, cause);
	}

	private long endOf(long startMs) {
		return startMs + options.windowMs();
	}
}
