import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/** The checkpoints in a folder: each is a folder `JOB/chk-N`, and counts on over jobs that were restored from another. */
final class Checkpoints {
	private static final String prefix = "chk-";

	private Checkpoints() {}

	/** The newest that is whole: Flink writes its `_metadata` last, under another name until it is whole. */
	static Optional<Path> newestIn(Path folder) throws IOException {
		if (!Files.isDirectory(folder)) return Optional.empty();
		try (var below = Files.walk(folder, 2)) {
			return below
					.filter((path) -> path.getFileName().toString().startsWith(prefix))
					.filter((path) -> Files.exists(path.resolve("_metadata")))
					.max(Comparator.comparingLong(Checkpoints::numberOf));
		}
	}

	private static long numberOf(Path checkpoint) {
		return Long.parseLong(checkpoint.getFileName().toString().substring(prefix.length()));
	}
}
