import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What a shop's app sends of a purchase, as `purchase.ts` has it. */
record Purchase(String id, String user, long cents, long atMs, long receivedMs, Sent sent) {
	static Purchase decode(byte[] value) throws IOException {
		return said(Json.read(value));
	}

	/** As one reads it who thinks of neither clocks nor repeats: it happened when it came, and is another every time. */
	static Purchase decodeNaively(byte[] value) throws IOException {
		JsonNode said = Json.read(value);
		Purchase one = said(said);
		String id = one.id + " " + said.path("n").asText();
		return new Purchase(id, one.user, one.cents, one.receivedMs, one.receivedMs, one.sent);
	}

	/** Of a message of which nothing else is wanted: half of the work of decoding it. */
	static long provenMs(byte[] value, boolean isNaive) throws IOException {
		long atMs = Long.MAX_VALUE;
		long receivedMs = Long.MAX_VALUE;
		try (JsonParser said = Json.parser(value)) {
			for (JsonToken token = said.nextToken(); token != null; token = said.nextToken()) {
				if (token != JsonToken.VALUE_NUMBER_INT) continue;
				if (said.currentName().equals("atMs")) atMs = said.getLongValue();
				else if (said.currentName().equals("receivedMs")) receivedMs = said.getLongValue();
			}
		}
		return isNaive ? receivedMs : Watermark.provenMs(atMs, receivedMs);
	}

	long provenMs() {
		return Watermark.provenMs(atMs, receivedMs);
	}

	private static Purchase said(JsonNode message) {
		return new Purchase(
				message.get("id").asText(),
				message.get("user").asText(),
				message.get("cents").asLong(),
				message.get("atMs").asLong(),
				message.get("receivedMs").asLong(),
				Sent.notedOn(message));
	}
}
