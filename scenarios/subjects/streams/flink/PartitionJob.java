import java.io.Serializable;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;

/**
 * What becomes of the messages of a partition. All that it keeps is keyed state of Flink's, whose key is the partition: one
 * job works on many, and each time on the one whose message it is given.
 */
public interface PartitionJob {
	/** Makes one whose state is in this store. */
	interface Maker<J extends PartitionJob> extends Serializable {
		J open(KeyedStateStore store);
	}

	/** Takes what a job gives; `to` is the topic as the job calls it. */
	interface Output {
		void give(String to, String key, String value, Sent cause) throws Exception;
	}

	void process(Message message, Output output) throws Exception;

	/** How far event time has come; null before any. */
	Long watermarkMs() throws Exception;

	/** How many records its state has. */
	int keptCount() throws Exception;

	/** What its state takes in a checkpoint, by kind. */
	Map<String, Long> stateBytes() throws Exception;

	/** What is judged of its state when all is over, as JSON has it. */
	Map<String, Object> left() throws Exception;
}
