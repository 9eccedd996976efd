/** Names of what is a secret, in a query or wherever else a name stands before a value. */
export const secretName = /auth|cookie|credential|key|pass|pwd|secret|sign|token/i;

/** `scheme://`, and what stands before the last `@`: a password may hold any sign, an `@` as well. */
const ofUrl = /\b([a-z][a-z0-9+.-]*):\/\/([^\s?#]{0,2000})@/gi;
/** `user:password@host`, as in a list of brokers. */
const ofAddress = /(^|[\s,;"'=(])([^\s:/?#@,;"'=(]*):([^\s@,;/]+)@(?=[\w[])/g;
const ofQuery = /([?&;\s#]|^)([\w.-]+)=([^&\s;#"']+)/g;

/** The text without what is secret in its URLs and addresses: for messages, logs and records. */
export function redactUrl(text: string): string {
	return text
		.replace(ofUrl, (_, scheme: string, user: string) => `${scheme}://${redactUser(scheme, user)}@`)
		.replace(ofAddress, "$1$2:***@")
		.replace(ofQuery, (all, before: string, name: string) =>
			secretName.test(name) ? `${before}${name}=***` : all,
		);
}

/** The same data without what is secret in the URLs in it: parameters, as they are kept and shown. */
export function redacted<T>(data: T): T {
	return JSON.parse(JSON.stringify(data), (_, value: unknown) =>
		typeof value === "string" && value.includes("://") ? redactUrl(value) : value,
	) as T;
}

/** A name without a password is one for a database; elsewhere it is the secret itself. */
function redactUser(scheme: string, user: string): string {
	// Each broker of a list has its own.
	if (/^kafka/i.test(scheme) && user.includes(","))
		return user.replaceAll(/(^|,)([^,:@]*)(?::([^,@]*))?(?=@|$)/g, "$1$2:***");
	const colon = user.indexOf(":");
	if (colon >= 0) return `${user.slice(0, colon)}:***`;
	return /^postgres/i.test(scheme) ? user : "***";
}
