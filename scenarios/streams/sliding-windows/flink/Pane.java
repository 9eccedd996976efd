/** What is kept of a user's purchases of one pane, and of the panes of a window together. */
public record Pane(long count, long sum, long max) {
	static final Pane empty = new Pane(0, 0, Long.MIN_VALUE);

	Pane with(long amount) {
		return new Pane(count + 1, sum + amount, Math.max(max, amount));
	}

	Pane with(Pane other) {
		return new Pane(count + other.count, sum + other.sum, Math.max(max, other.max));
	}
}
