/** An environment for other programs: without our own settings, tokens and connection URLs. */
export function withoutSettings(
	env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("FAULTLINE_")));
}
