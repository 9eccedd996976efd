import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The topics of a job by their whole names: its input, and those of results, which the job calls otherwise. */
record Topics(String input, Map<String, String> results) implements Serializable {
	/** Results in topics that are called after the input, which `INPUT` names. */
	static Topics afterInput(String input, List<String> results) {
		String whole = prefix() + Variables.text("INPUT", input);
		return of(whole, results, (result) -> whole + "-" + result);
	}

	/** Results in topics that are called as the job calls them. */
	static Topics besideInput(String input, List<String> results) {
		return of(prefix() + input, results, (result) -> prefix() + result);
	}

	private static Topics of(String input, List<String> results, Function<String, String> nameOf) {
		Map<String, String> names = new LinkedHashMap<>();
		for (String result : results) names.put(result, nameOf.apply(result));
		return new Topics(input, names);
	}

	private static String prefix() {
		return Variables.text("FLT_TOPIC_PREFIX", "");
	}

	String of(String result) {
		return results.get(result);
	}

	List<String> ofResults() {
		return List.copyOf(results.values());
	}
}
