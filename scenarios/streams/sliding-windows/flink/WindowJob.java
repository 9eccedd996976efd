import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The job of `window-job.ts` with its state in Flink: each user's purchases over sliding windows, by the time at which they
 * happened, each once; a window's result is given once, when the watermark has come to its end. No windows of Flink's: they
 * would keep an aggregate for each of the 19 that a purchase is in, and be closed by the least watermark of all partitions.
 */
final class WindowJob implements WaitingJob {
	static final String resultsTopic = "results";

	/** As `WindowJobOptions`. */
	record Options(long delayMsMax, long horizonMs, long skewMs, boolean isNaive) implements Serializable {
		/** To what a message brings the watermark. */
		long shownMs(byte[] value) throws IOException {
			return Purchase.provenMs(value, isNaive) - delayMsMax;
		}
	}

	private static final TypeInformation<Map<Long, Pane>> panesOfUser =
			Types.MAP(Types.LONG, TypeInformation.of(Pane.class));
	private static final MapStateDescriptor<String, Map<Long, Pane>> panesState =
			new MapStateDescriptor<>("panes", Types.STRING, panesOfUser);
	private static final String counted = "counted";
	private static final String repeated = "repeated";
	private static final String late = "late";

	private final Options options;
	/** By the user, then by the pane's start. */
	private final MapState<String, Map<Long, Pane>> panes;
	private final SeenIds seen;
	private final Progress progress;

	WindowJob(Options options, KeyedStateStore store) {
		this.options = options;
		this.panes = store.getMapState(panesState);
		this.seen = new SeenIds(options.horizonMs(), store);
		this.progress = new Progress(store);
	}

	@Override
	public void process(Message message, Output output) throws Exception {
		byte[] value = message.value();
		Purchase one = options.isNaive() ? Purchase.decodeNaively(value) : Purchase.decode(value);
		if (!seen.add(one.user(), one.id(), one.provenMs())) progress.count(repeated);
		else if (progress.hasReached(one.atMs() + 1)) progress.count(late);
		else {
			add(one);
			progress.count(counted);
		}
		long shownMs = one.provenMs() - options.delayMsMax();
		advance(Watermark.later(progress.watermarkMs(), shownMs), one.sent(), output);
	}

	@Override
	public void waitWith(Collection<Long> othersMs, Output output) throws Exception {
		advance(Watermark.whileQuiet(progress.watermarkMs(), othersMs, options.skewMs()), Sent.never, output);
	}

	@Override
	public Long watermarkMs() throws Exception {
		return progress.watermarkMs();
	}

	@Override
	public int keptCount() throws Exception {
		int count = progress.keptCount();
		for (var kept : panes.values()) count += kept.size();
		return count + seen.bucketCount();
	}

	@Override
	public Map<String, Long> stateBytes() throws Exception {
		return Map.of("windows", StateSize.of(panes, Types.STRING, panesOfUser), "ids", seen.bytes());
	}

	@Override
	public Map<String, Object> left() throws Exception {
		Long nowMs = progress.watermarkMs();
		List<String> stale = new ArrayList<>();
		if (nowMs != null) {
			for (var one : panes.entries())
				for (long startMs : one.getValue().keySet())
					if (Windows.lastEndMs(startMs) <= nowMs)
						stale.add("pane/" + startMs + "/" + one.getKey());
			seen.goneBy(nowMs, (user, startMs) -> stale.add("ids/" + startMs + "/" + user));
		}
		Map<String, Object> left = progress.counts(List.of(counted, repeated, late));
		left.put("staleCount", stale.size());
		left.put("stale", stale.subList(0, Math.min(10, stale.size())));
		return left;
	}

	private void add(Purchase one) throws Exception {
		Map<Long, Pane> kept = panes.get(one.user());
		if (kept == null) kept = new HashMap<>();
		long startMs = Windows.paneOf(one.atMs());
		kept.put(startMs, kept.getOrDefault(startMs, Pane.empty).with(one.cents()));
		panes.put(one.user(), kept);
	}

	/** Windows end where panes end: between two ends nothing happens. */
	private void advance(Long toMs, Sent cause, Output output) throws Exception {
		Long fromMs = progress.watermarkMs();
		progress.goTo(toMs);
		if (toMs == null || (fromMs != null && Windows.paneOf(toMs) == Windows.paneOf(fromMs))) return;
		for (var users = panes.iterator(); users.hasNext(); ) {
			var one = users.next();
			Map<Long, Pane> kept = one.getValue();
			Windows.closedBetween(kept, fromMs, toMs, (kind, startMs, all) -> output.give(
					resultsTopic,
					WindowRecords.keyOf(kind, startMs, one.getKey()),
					WindowRecords.window(kind, startMs, one.getKey(), all),
					cause));
			if (!kept.keySet().removeIf((startMs) -> Windows.lastEndMs(startMs) <= toMs)) continue;
			if (kept.isEmpty()) users.remove();
			else one.setValue(kept);
		}
		seen.expire(toMs);
	}
}
