import { codeOf, FaultlineError, messageOf } from "../base/errors.ts";
import { noRoom } from "./file-limit.ts";
import { isRefusedByTls, withoutSource } from "./tls-errors.ts";

/** Why a load could not begin: so many connections to this place can't be made. `secure`: they speak TLS. */
export function cantConnect(
	to: string,
	{ count, secure }: { count: number; secure: boolean },
	cause: unknown,
): FaultlineError {
	const what = `${count === 1 ? "a connection" : `${count} connections`} to ${to} can't be made`;
	if (isOutOfFiles(cause)) return noRoom(what, count, cause);
	const [said, hint] = toldOf(cause, secure);
	return new FaultlineError("FLT_COMPONENT_MISSING", `${what}: ${said}`, hint, cause);
}

/** Whether this process, not the other side, had no more descriptors to connect with. */
export function isOutOfFiles(error: unknown): boolean {
	if (error instanceof AggregateError) return error.errors.some(isOutOfFiles);
	return ["EMFILE", "ENFILE"].includes(codeOf(error) ?? "");
}

const correct = "start the service, or correct the endpoint";

function toldOf(cause: unknown, secure: boolean): [said: string, hint: string] {
	const said = withoutSource(messageOf(cause));
	const code = codeOf(cause) ?? "";
	if (cause instanceof Error && cause.name === "TimeoutError")
		return [
			`no answer in time (${said})`,
			secure
				? "see that the service speaks TLS there, and that nothing drops packets on the way"
				: "see that the service speaks this protocol there, without TLS, and that nothing drops packets on the way",
		];
	if (code === "ENOTFOUND" || code === "EAI_AGAIN")
		return [`the host's name does not resolve (${said})`, "correct the name, or the resolver"];
	if (code === "ENOENT" || code === "EACCES") return [said, "correct the socket's path"];
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
		return [said, "use a name that the server's certificate is for"];
	if (/^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_)/.test(code))
		return [
			said.replace(/; if the root CA.*$/s, ""),
			"give who vouches for the server's certificate: --ca FILE, or NODE_EXTRA_CA_CERTS=FILE",
		];
	if (isRefusedByTls(cause))
		return [said, "the server may ask for a client's certificate: --cert FILE --cert-key FILE"];
	if (code.startsWith("ERR_SSL_") || code === "EPROTO")
		return [said, "see that the service speaks TLS there"];
	const redis = /^(NOAUTH|WRONGPASS|NOPERM|ERR)\b/.exec(said)?.[1];
	if (redis === "NOAUTH")
		return [said, "write redis://:PASSWORD@HOST, or redis://USER:PASSWORD@HOST"];
	if (redis !== undefined) return [said, "correct user, password or database in the target's URL"];
	return [said, correct];
}
