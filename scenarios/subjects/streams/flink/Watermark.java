import java.util.Collection;

/** How far event time has come in one partition, as `watermark.ts` has it; null before any. */
final class Watermark {
	private Watermark() {}

	/** The time that an event proves: the one that it names, but none that lies after it was received. */
	static long provenMs(long atMs, long receivedMs) {
		return Math.min(atMs, receivedMs);
	}

	static Long later(Long watermarkMs, long shownMs) {
		return watermarkMs == null ? shownMs : Math.max(watermarkMs, shownMs);
	}

	/**
	 * Of a partition on which nothing is on its way, by what others have come to. Whoever asks has to look at the others
	 * first, and at the end of its own log then.
	 */
	static Long whileQuiet(Long watermarkMs, Collection<Long> othersMs, long skewMs) {
		Long so = watermarkMs;
		for (long otherMs : othersMs) so = later(so, otherMs - skewMs);
		return so;
	}
}
