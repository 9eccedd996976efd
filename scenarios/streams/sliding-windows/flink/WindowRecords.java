import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Results, written as Node writes them: byte for byte. */
final class WindowRecords {
	private WindowRecords() {}

	static String keyOf(Windows.Kind kind, long startMs, String user) {
		return kind.name() + "/" + startMs + "/" + user;
	}

	static String window(Windows.Kind kind, long startMs, String user, Pane all) throws JsonProcessingException {
		ObjectNode record = Json.object();
		record.put("user", user).put("kind", kind.name());
		record.put("startMs", startMs).put("endMs", startMs + kind.sizeMs());
		record.put("count", all.count()).put("sum", all.sum()).put("max", all.max());
		return Json.write(record);
	}
}
