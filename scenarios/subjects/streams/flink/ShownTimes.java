import java.util.TreeMap;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Tells how far time has come in the partitions of a source, behind which it is chained: now and then, for else each message
 * would go to every subtask. What it has not told goes out before a checkpoint: whoever is restored from that reads none of
 * the messages again whose time would be missing.
 */
final class ShownTimes extends AbstractStreamOperator<PartitionTime>
		implements OneInputStreamOperator<Message, PartitionTime> {
	private final Clock clock;
	private final long tellMs;
	private transient TreeMap<Integer, Long> untold;

	ShownTimes(Clock clock, long tellMs) {
		this.clock = clock;
		this.tellMs = tellMs;
	}

	@Override
	public void open() throws Exception {
		super.open();
		untold = new TreeMap<>();
		getProcessingTimeService().scheduleWithFixedDelay((atMs) -> tell(), tellMs, tellMs);
	}

	@Override
	public void processElement(StreamRecord<Message> element) throws Exception {
		Message message = element.getValue();
		untold.merge(message.partition(), clock.watermarkMs(message.value()), Math::max);
	}

	@Override
	public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
		super.prepareSnapshotPreBarrier(checkpointId);
		tell();
	}

	private void tell() {
		untold.forEach((partition, ms) -> output.collect(new StreamRecord<>(new PartitionTime(partition, ms))));
		untold.clear();
	}
}
