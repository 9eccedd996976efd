import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** What is given, written as `feature-record.ts` has it and Node writes it: byte for byte. */
final class FeatureRecords {
	private FeatureRecords() {}

	static String keyOf(long startMs, String user) {
		return startMs + "/" + user;
	}

	static String feature(String op, long startMs, long endMs, String user, Kept kept)
			throws JsonProcessingException {
		ObjectNode record = Json.object();
		record.put("op", op).put("version", kept.version());
		record.put("user", user).put("startMs", startMs).put("endMs", endMs);
		record.put("views", kept.views()).put("purchases", kept.purchases());
		record.put("spent_cents", kept.cents()).put("last_kind", kept.lastKind());
		record.put("purchase_ratio", plain((double) kept.purchases() / (kept.views() + kept.purchases())));
		return Json.write(record);
	}

	static String tooLate(Activity one, long tooLateMs) throws JsonProcessingException {
		ObjectNode record = Json.object();
		record.put("id", one.id()).put("user", one.user());
		record.put("atMs", one.atMs()).put("tooLateMs", tooLateMs);
		return Json.write(record);
	}

	/** The shortest digits that mean this number, which Java prints from 19 on; right from a millionth on. */
	private static BigDecimal plain(double number) {
		return new BigDecimal(NumberOutput.toString(number, true)).stripTrailingZeros();
	}
}
