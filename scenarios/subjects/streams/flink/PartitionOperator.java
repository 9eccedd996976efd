import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * A job on the partitions of a subtask, with the position of each in its state. An operator and no KeyedProcessFunction:
 * a function can't look at the state of each of its keys at a checkpoint, which is when it is told how they stand.
 */
abstract class PartitionOperator<J extends PartitionJob> extends AbstractStreamOperator<Result> {
	private static final String positionState = "position";

	private final PartitionJob.Maker<J> maker;
	private final Topics topics;
	/** What came of each partition since the last checkpoint that was begun. */
	private transient Map<Integer, Batch> batches;
	/** What is not committed yet, by the checkpoint that it is of. */
	private transient TreeMap<Long, List<WorkRecord.Part>> pending;
	private transient ValueState<Long> position;
	private transient J job;
	private transient StreamRecord<Result> reused;

	private static final class Batch {
		final long from;
		int resultCount;
		final List<Sent> causes = new ArrayList<>();

		Batch(long from) {
			this.from = from;
		}
	}

	PartitionOperator(PartitionJob.Maker<J> maker, Topics topics) {
		this.maker = maker;
		this.topics = topics;
	}

	@Override
	public void initializeState(StateInitializationContext context) throws Exception {
		super.initializeState(context);
		position = context.getKeyedStateStore().getState(new ValueStateDescriptor<>(positionState, Types.LONG));
		job = maker.open(context.getKeyedStateStore());
		batches = new TreeMap<>();
		pending = new TreeMap<>();
		reused = new StreamRecord<>(null);
	}

	/** By now the sink behind it has been opened: what was to be committed of the checkpoint is. */
	@Override
	public void open() throws Exception {
		super.open();
		for (int partition : partitions()) begin(partition);
	}

	/** Of the partition that is the current key. */
	final void take(Message message) throws Exception {
		if (position.value() == null) {
			position.update(message.offset());
			begin(message.partition());
		}
		// Before the position goes on: it is what came since there.
		batch();
		position.update(message.offset() + 1);
		job.process(message, this::give);
	}

	/** Where the input of the current key goes on. */
	final long position() throws Exception {
		return position.value();
	}

	final J job() {
		return job;
	}

	/** What the job of the current key gives; it goes with what else comes until the next checkpoint. */
	final void give(String to, String key, String value, Sent cause) throws Exception {
		int partition = (Integer) getCurrentKey();
		output.collect(reused.replace(new Result(topics.of(to), partition, position(), key, value)));
		Batch batch = batch();
		batch.resultCount++;
		if (cause.atMs() != null) batch.causes.add(cause);
	}

	/** Something of the current key is another: the next checkpoint tells it. */
	final void changed() throws Exception {
		batch();
	}

	private Batch batch() throws Exception {
		Integer partition = (Integer) getCurrentKey();
		Batch batch = batches.get(partition);
		if (batch == null) {
			batch = new Batch(position.value());
			batches.put(partition, batch);
		}
		return batch;
	}

	@Override
	public void snapshotState(StateSnapshotContext context) throws Exception {
		super.snapshotState(context);
		List<WorkRecord.Part> parts = new ArrayList<>();
		for (var one : batches.entrySet()) parts.add(partOf(one.getKey(), one.getValue()));
		batches.clear();
		pending.put(context.getCheckpointId(), parts);
	}

	/**
	 * The sink is chained behind this: it commits when each operator of the chain was told, and the timer comes after that.
	 */
	@Override
	public void notifyCheckpointComplete(long checkpointId) throws Exception {
		super.notifyCheckpointComplete(checkpointId);
		var done = pending.headMap(checkpointId, true);
		List<WorkRecord.Part> parts = done.values().stream().flatMap(List::stream).toList();
		done.clear();
		var time = getProcessingTimeService();
		time.registerTimer(time.getCurrentProcessingTime(), (atMs) -> WorkRecord.committed(parts));
	}

	@Override
	public void close() throws Exception {
		super.close();
		WorkRecord.lost();
	}

	/** Those that it has had a message of. */
	final Collection<Integer> partitions() {
		try (var keys =
				this.<Integer>getKeyedStateBackend().getKeys(positionState, VoidNamespace.INSTANCE)) {
			return keys.toList();
		}
	}

	private void begin(int partition) throws Exception {
		setCurrentKey(partition);
		int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
		if (attempt > 0) WorkRecord.failure(partition, attempt);
		WorkRecord.session(partOf(partition, new Batch(position.value())), job.keptCount());
	}

	private WorkRecord.Part partOf(int partition, Batch batch) throws Exception {
		setCurrentKey(partition);
		return new WorkRecord.Part(
				partition,
				batch.from,
				position.value(),
				job.watermarkMs(),
				job.left(),
				job.stateBytes(),
				batch.resultCount,
				batch.causes);
	}
}
