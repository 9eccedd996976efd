/** How far event time has come in a partition, null before any; and what has become of its messages. */
public record Progress(Long watermarkMs, long events, long counted, long repeated, long late) {
	static final Progress notBegun = new Progress(null, 0, 0, 0, 0);

	boolean isBeyond(long ms) {
		return watermarkMs != null && watermarkMs > ms;
	}

	Progress withCounted() {
		return new Progress(watermarkMs, events + 1, counted + 1, repeated, late);
	}

	Progress withRepeated() {
		return new Progress(watermarkMs, events + 1, counted, repeated + 1, late);
	}

	Progress withLate() {
		return new Progress(watermarkMs, events + 1, counted, repeated, late + 1);
	}

	Progress at(Long ms) {
		return new Progress(ms, events, counted, repeated, late);
	}
}
