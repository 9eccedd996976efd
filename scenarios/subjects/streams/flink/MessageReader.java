import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records as messages that know their place. */
final class MessageReader implements KafkaRecordDeserializationSchema<Message> {
	@Override
	public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Message> messages) {
		messages.collect(new Message(record.partition(), record.offset(), record.value()));
	}

	@Override
	public TypeInformation<Message> getProducedType() {
		return TypeInformation.of(Message.class);
	}
}
