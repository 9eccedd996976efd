/** All that has to be known of an account to go on, as `posting.ts` has it. */
public record Balance(long seq, long balanceCents) {
	static final Balance opened = new Balance(0, 0);

	Balance with(long cents) {
		return new Balance(seq + 1, balanceCents + cents);
	}
}
