import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** A job whose partitions have a time each that is no other's affair: a quiet one stands still. */
final class PlainPartitionOperator extends PartitionOperator<PartitionJob>
		implements OneInputStreamOperator<Message, Result> {
	PlainPartitionOperator(PartitionJob.Maker<PartitionJob> maker, Topics topics) {
		super(maker, topics);
	}

	@Override
	public void processElement(StreamRecord<Message> element) throws Exception {
		take(element.getValue());
	}
}
