import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the testbed reads of the work, in the folder that the process runs in: a line of JSON for each thing, which is there
 * whatever becomes of us next. Times are of the machine's monotonic clock, which is Node's as well.
 */
final class Lines {
	private Lines() {}

	static double nowMs() {
		return System.nanoTime() / 1e6;
	}

	/** A line that says when. */
	static void tell(String file, Map<String, ?> said) {
		Map<String, Object> line = new LinkedHashMap<>(Map.of("atMs", nowMs()));
		line.putAll(said);
		append(file, line);
	}

	static synchronized void append(String file, Map<String, ?> line) {
		try {
			Files.writeString(
					Path.of(file), Json.write(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		} catch (IOException error) {
			throw new IllegalStateException("the work can't be written down in " + file, error);
		}
	}
}
