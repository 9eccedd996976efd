/** A variable that this process was started with; throws its name where it is not there and has no default. */
export function variable(name: string, byDefault?: string): string {
	const value = process.env[name] ?? byDefault;
	if (value === undefined) throw new Error(`set ${name} in the environment`);
	return value;
}

/** A variable that is a number; throws where it is none. */
export function numberVariable(name: string, byDefault?: number): number {
	const text = variable(name, byDefault === undefined ? undefined : String(byDefault));
	const value = Number(text);
	if (text.trim() === "" || Number.isNaN(value))
		throw new Error(`${name} must be a number, but is "${text}"`);
	return value;
}
