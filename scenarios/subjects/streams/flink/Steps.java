import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The steps of this subject's work, so that a fault can strike at one of them, as `chaos/subject/steps.ts` has them: a file
 * of the folder `FLT_CONTROLS` says at which to stop, and another says that we stand there. Outside of a run nothing holds
 * it.
 */
final class Steps {
	private static final String controls = Variables.text("FLT_CONTROLS", "");
	private static final Path order = Path.of(controls, "hold-at-step.json");
	private static final Path seen = Path.of(controls, "hold-at-step.json.seen");
	private static final Path draft = Path.of(controls, ".hold-at-step.json.seen.draft");
	private static final int lookEveryMs = 2;

	private Steps() {}

	/** The work has come to this step. Returns at once, but where a fault holds us there: then when it lets go. */
	static void reach(String step) throws InterruptedException {
		String told = toldNow();
		if (told == null || !step.equals(stepIn(told))) return;
		tell(told);
		while (told.equals(toldNow())) Thread.sleep(lookEveryMs);
		tell("");
	}

	private static String toldNow() {
		if (controls.isEmpty() || !Files.exists(order)) return null; // much cheaper than the error of reading what is not there
		try {
			return Files.readString(order);
		} catch (IOException deletedSince) {
			return null;
		}
	}

	private static String stepIn(String told) {
		try {
			return Json.read(told.getBytes()).path("step").asText();
		} catch (IOException notOurs) {
			return "";
		}
	}

	/** As a whole: nobody reads a part of it. */
	private static synchronized void tell(String text) {
		try {
			Files.writeString(draft, text);
			Files.move(draft, seen, StandardCopyOption.ATOMIC_MOVE);
		} catch (IOException error) {
			// The run is over and its folder gone: no reason for a subject to fail.
		}
	}
}
