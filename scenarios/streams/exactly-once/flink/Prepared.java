import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/**
 * What a checkpoint commits when it is complete: a transaction, null of a sink that has none, and the attempts whose results
 * are in it. `isRestored` of one that another has prepared, who was not known to have committed it.
 */
record Prepared(KafkaCommittable transaction, List<String> attempts, boolean isRestored) {}
