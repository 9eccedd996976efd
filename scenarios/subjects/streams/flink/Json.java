import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Messages and results as Node reads and writes them: byte for byte, where numbers are whole or given as plain ones. */
final class Json {
	private static final ObjectMapper mapper =
			new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

	private Json() {}

	static JsonNode read(byte[] value) throws IOException {
		return mapper.readTree(value);
	}

	static JsonNode read(String value) throws JsonProcessingException {
		return mapper.readTree(value);
	}

	/** For a message of which little is wanted. */
	static JsonParser parser(byte[] value) throws IOException {
		return mapper.createParser(value);
	}

	static ObjectNode object() {
		return mapper.createObjectNode();
	}

	static ArrayNode array() {
		return mapper.createArrayNode();
	}

	static String write(Object said) throws JsonProcessingException {
		return mapper.writeValueAsString(said);
	}
}
