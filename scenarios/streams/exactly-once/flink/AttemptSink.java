import java.io.IOException;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Flink's sink for Kafka, whose attempts can be struck at each of their steps and are written down: before it sends what is
 * left of a checkpoint, between the complete checkpoint and the commit of its transaction, and after that. A naive one
 * has no transaction: what it has sent is there, and it is committed with the checkpoint that it goes on from.
 */
final class AttemptSink
		implements Sink<Result>, SupportsWriterState<Result, KafkaWriterState>, SupportsCommitter<Prepared> {
	private final KafkaSink<Posting> sink;
	private final boolean isNaive;

	private AttemptSink(KafkaSink<Posting> sink, boolean isNaive) {
		this.sink = sink;
		this.isNaive = isNaive;
	}

	static AttemptSink to(Topics topics, boolean isNaive) {
		var guarantee = isNaive ? DeliveryGuarantee.AT_LEAST_ONCE : DeliveryGuarantee.EXACTLY_ONCE;
		return new AttemptSink(KafkaEnds.sink(topics, new PostingWriter(topics), guarantee), isNaive);
	}

	@Override
	public AttemptWriter createWriter(WriterInitContext context) throws IOException {
		return new AttemptWriter(sink.createWriter(context), !isNaive);
	}

	@Override
	public AttemptWriter restoreWriter(
			WriterInitContext context, Collection<KafkaWriterState> states) throws IOException {
		return new AttemptWriter(sink.restoreWriter(context, states), !isNaive);
	}

	@Override
	public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
		return sink.getWriterStateSerializer();
	}

	@Override
	public Committer<Prepared> createCommitter(CommitterInitContext context) {
		return new AttemptCommitter(sink.createCommitter(context));
	}

	@Override
	public SimpleVersionedSerializer<Prepared> getCommittableSerializer() {
		return new PreparedSerializer(sink.getCommittableSerializer());
	}
}
