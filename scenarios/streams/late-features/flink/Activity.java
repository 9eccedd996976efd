import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What an app sends of something that its user did, as `activity.ts` has it. */
record Activity(
		String id, String user, String kind, long cents, long atMs, long receivedMs, Sent sent) {
	static Activity decode(byte[] value) throws IOException {
		JsonNode said = Json.read(value);
		return new Activity(
				said.get("id").asText(),
				said.get("user").asText(),
				said.get("kind").asText(),
				said.get("cents").asLong(),
				said.get("atMs").asLong(),
				said.get("receivedMs").asLong(),
				Sent.notedOn(said));
	}

	long provenMs() {
		return Watermark.provenMs(atMs, receivedMs);
	}
}
