/** How far event time has come in a partition, null before any; and what has become of its activities. */
public record Progress(Long watermarkMs, long events, long onTime, long absorbed, long late) {
	static final Progress notBegun = new Progress(null, 0, 0, 0, 0);

	boolean hasReached(long ms) {
		return watermarkMs != null && watermarkMs >= ms;
	}

	Progress withOnTime() {
		return new Progress(watermarkMs, events + 1, onTime + 1, absorbed, late);
	}

	Progress withAbsorbed() {
		return new Progress(watermarkMs, events + 1, onTime, absorbed + 1, late);
	}

	Progress withLate() {
		return new Progress(watermarkMs, events + 1, onTime, absorbed, late + 1);
	}

	Progress at(long ms) {
		return new Progress(ms, events, onTime, absorbed, late);
	}
}
