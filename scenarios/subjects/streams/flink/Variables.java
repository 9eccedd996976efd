/** What a subject is told by its environment. */
final class Variables {
	private Variables() {}

	static String text(String name, String otherwise) {
		String value = System.getenv(name);
		return value == null || value.isEmpty() ? otherwise : value;
	}

	/** Whether the naive twin is wanted. */
	static boolean isNaive() {
		return text("GUARD", "on").equals("off");
	}

	static long number(String name, long otherwise) {
		String value = text(name, String.valueOf(otherwise));
		try {
			return Long.parseLong(value);
		} catch (NumberFormatException error) {
			throw new IllegalArgumentException(name + " has to be a whole number, but is \"" + value + "\"", error);
		}
	}
}
