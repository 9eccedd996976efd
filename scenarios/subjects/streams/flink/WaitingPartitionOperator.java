import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * A job whose quiet partitions go on with the time of the others, which every subtask is told. It looks how far they have
 * come, then where the log of a quiet partition ends: where nothing of that is left unread, whatever comes later is later
 * than all that the others have shown. Flink's own `withIdleness` knows only that nothing came for a while: a slow fetch, or
 * a restart with a backlog, looks to it like a quiet partition, and what comes then is dropped as late.
 */
final class WaitingPartitionOperator extends PartitionOperator<WaitingJob>
		implements TwoInputStreamOperator<Message, PartitionTime, Result> {
	/** How it looks at the log. The input has no transactions: an end that is a mark of one is read by nobody. */
	record Look(Properties client, String topic, long everyMs) implements Serializable {}

	private static final MapStateDescriptor<Integer, Long> timesState =
			new MapStateDescriptor<>("times", Types.INT, Types.LONG);

	private final Look look;
	private transient BroadcastState<Integer, Long> times;
	/** Partitions on which nothing came since the last look. */
	private transient Set<Integer> quiet;
	private transient LogEnds ends;
	private transient MailboxExecutor mailbox;
	private transient boolean isAsking;

	WaitingPartitionOperator(PartitionJob.Maker<WaitingJob> maker, Topics topics, Look look) {
		super(maker, topics);
		this.look = look;
	}

	@Override
	public void initializeState(StateInitializationContext context) throws Exception {
		super.initializeState(context);
		times = context.getOperatorStateStore().getBroadcastState(timesState);
		quiet = new TreeSet<>();
	}

	@Override
	public void open() throws Exception {
		super.open();
		ends = new LogEnds(look.client(), look.topic());
		mailbox = getContainingTask().getMailboxExecutorFactory().createExecutor(getOperatorConfig().getChainIndex());
		getProcessingTimeService().scheduleWithFixedDelay((atMs) -> look(), look.everyMs(), look.everyMs());
	}

	@Override
	public void processElement1(StreamRecord<Message> element) throws Exception {
		quiet.remove(element.getValue().partition());
		take(element.getValue());
	}

	@Override
	public void processElement2(StreamRecord<PartitionTime> element) throws Exception {
		PartitionTime shown = element.getValue();
		times.put(shown.partition(), Watermark.later(times.get(shown.partition()), shown.watermarkMs()));
	}

	@Override
	public void close() throws Exception {
		if (ends != null) ends.close();
		super.close();
	}

	/** The others first, the own end then: the other way round, what comes in between would be late. */
	private void look() throws Exception {
		List<Integer> asked = List.copyOf(quiet);
		quiet.addAll(partitions());
		if (asked.isEmpty() || isAsking) return;
		List<Long> othersMs = new ArrayList<>();
		for (var one : times.immutableEntries()) othersMs.add(one.getValue());
		isAsking = true;
		ends.of(asked).whenComplete((found, failure) -> {
			try {
				mailbox.execute(() -> answered(othersMs, failure == null ? found : Map.of()), "ends of quiet partitions");
			} catch (RejectedExecutionException over) {
				// The task is: whoever goes on with its state looks for itself.
			}
		});
	}

	/** Nothing is found where a broker is away: the next look tells. */
	private void answered(Collection<Long> othersMs, Map<Integer, Long> found) throws Exception {
		isAsking = false;
		for (var end : found.entrySet()) waitWith(end.getKey(), othersMs, end.getValue());
	}

	/** Between two messages, so that a checkpoint has the time with its results. */
	private void waitWith(int partition, Collection<Long> othersMs, long end) throws Exception {
		setCurrentKey(partition);
		if (position() < end) return;
		Long before = job().watermarkMs();
		job().waitWith(othersMs, this::give);
		if (!Objects.equals(before, job().watermarkMs())) changed();
	}
}
