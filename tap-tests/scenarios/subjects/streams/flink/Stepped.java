/** Comes to its steps again and again, as `stepped.ts` does. */
final class Stepped {
	public static void main(String[] arguments) throws Exception {
		while (true)
			for (String step : new String[] {"before-write", "after-commit"}) {
				Steps.reach(step);
				Thread.sleep(2);
			}
	}
}
