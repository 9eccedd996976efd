/** What is kept of a user's window: sums, the activity that happened last, and how many versions were given. */
public record Kept(
		long views, long purchases, long cents, long lastAtMs, String lastId, String lastKind, int version) {
	static final Kept nothingYet = new Kept(0, 0, 0, Long.MIN_VALUE, "", "view", 0);

	/** Of two that happened at once, the one of the greater id is the last. */
	Kept with(Activity one) {
		boolean isPurchase = one.kind().equals("purchase");
		boolean isLast =
				one.atMs() > lastAtMs || (one.atMs() == lastAtMs && one.id().compareTo(lastId) > 0);
		return new Kept(
				views + (isPurchase ? 0 : 1),
				purchases + (isPurchase ? 1 : 0),
				cents + one.cents(),
				isLast ? one.atMs() : lastAtMs,
				isLast ? one.id() : lastId,
				isLast ? one.kind() : lastKind,
				version);
	}

	Kept asVersion(int next) {
		return new Kept(views, purchases, cents, lastAtMs, lastId, lastKind, next);
	}
}
