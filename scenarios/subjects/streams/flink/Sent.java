import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the testbed has noted on the message that a result was brought about by: when that was to be sent, null of what was
 * there before, and in which phase of the run.
 */
public record Sent(Double atMs, String phase) {
	/** Of a result that no message has brought about, but the time of other partitions. */
	static final Sent never = new Sent(null, "");

	/** A message that ends a stream belongs to no phase. */
	static Sent notedOn(JsonNode message) {
		JsonNode sentAtMs = message.get("sentAtMs");
		return new Sent(sentAtMs.isNull() ? null : sentAtMs.asDouble(), message.path("phase").asText());
	}
}
