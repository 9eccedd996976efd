import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
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
	private static final ValueStateDescriptor<Progress> progressState =
			new ValueStateDescriptor<>("progress", TypeInformation.of(Progress.class));

	private final Options options;
	/** By the window's start, then by the user. */
	private final MapState<Long, Map<String, Kept>> windows;
	private final ValueState<Progress> progress;

	FeatureJob(Options options, MapState<Long, Map<String, Kept>> windows, ValueState<Progress> progress) {
		this.options = options;
		this.windows = windows;
		this.progress = progress;
	}

	static FeatureJob open(Options options, KeyedStateStore store) {
		return new FeatureJob(options, store.getMapState(windowsState), store.getState(progressState));
	}

	@Override
	public void process(byte[] value, Output output) throws Exception {
		Activity activity = Activity.decode(value);
		Progress before = progressNow();
		long startMs = Math.floorDiv(activity.atMs(), options.windowMs()) * options.windowMs();
		long goneMs = endOf(startMs) + options.latenessMs();
		Progress after;
		if (before.hasReached(goneMs)) {
			after = before.withLate();
			tooLate(activity, before.watermarkMs() - goneMs, output);
		} else {
			boolean isGiven = before.hasReached(endOf(startMs));
			after = isGiven ? before.withAbsorbed() : before.withOnTime();
			add(startMs, activity, isGiven, output);
		}
		long toMs = activity.provenMs() - options.delayMs();
		if (before.hasReached(toMs)) progress.update(after);
		else {
			progress.update(after.at(toMs));
			advance(before, toMs, activity.sent(), output);
		}
	}

	@Override
	public Long watermarkMs() throws Exception {
		return progressNow().watermarkMs();
	}

	@Override
	public int keptCount() throws Exception {
		int count = progress.value() == null ? 0 : 1;
		for (var users : windows.values()) count += users.size();
		return count;
	}

	@Override
	public Map<String, Long> stateBytes() throws Exception {
		return Map.of("feature", StateSize.of(windows, Types.LONG, users));
	}

	@Override
	public Map<String, Object> left() throws Exception {
		Progress now = progressNow();
		int staleCount = 0;
		List<String> stale = new ArrayList<>();
		for (var window : windows.entries()) {
			if (!now.hasReached(endOf(window.getKey()) + options.latenessMs())) continue;
			for (String user : window.getValue().keySet()) {
				staleCount++;
				if (stale.size() < 10) stale.add("feature/" + FeatureRecords.keyOf(window.getKey(), user));
			}
		}
		return Map.of(
				"events", now.events(),
				"onTime", now.onTime(),
				"absorbed", now.absorbed(),
				"late", now.late(),
				"staleCount", staleCount,
				"stale", stale);
	}

	private Progress progressNow() throws Exception {
		Progress now = progress.value();
		return now == null ? Progress.notBegun : now;
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
	private void advance(Progress before, long toMs, Sent cause, Output output) throws Exception {
		List<Long> starts = new ArrayList<>();
		windows.keys().forEach(starts::add);
		for (long startMs : starts) {
			long endMs = endOf(startMs);
			if (endMs <= toMs && !before.hasReached(endMs)) {
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
