/** Names of Node's warnings that tell a user nothing, and what causes them. */
const known: readonly string[] = [
	// kafkajs 2.2.4 sets a timer for when a throttling ends that never began, at each of its first answers.
	"TimeoutNegativeWarning",
];

/** Node's warnings but for those that are known to mean nothing. */
export function silenceKnownWarnings(): void {
	const emit = process.emitWarning.bind(process) as (...given: unknown[]) => void;
	process.emitWarning = (...given: unknown[]) => {
		if (!known.includes(nameOf(given))) emit(...given);
	};
}

/** `emitWarning` is given an error, or a text with its name or with options that have it. */
function nameOf([warning, second]: unknown[]): string {
	if (warning instanceof Error) return warning.name;
	if (typeof second === "string") return second;
	return (second as { type?: string } | undefined)?.type ?? "Warning";
}
