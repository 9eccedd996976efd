import { codeOf } from "../base/errors.ts";

const refusals =
	/^ERR_SSL_.*_ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)$/;

/**
 * Whether a server refused this client in the handshake. In TLS 1.3 the client hears of it after its own part has ended,
 * when a request may be on the way already; a server that refuses reads none of it.
 */
export function isRefusedByTls(error: unknown): boolean {
	return refusals.test(codeOf(error) ?? "");
}

/** What OpenSSL says, without where in its source it says so. */
export function withoutSource(message: string): string {
	return message.replace(
		/^[0-9A-F]+:error:[0-9A-F]+:SSL routines:[^:]*:([^:]+):[\s\S]*$/,
		"TLS: $1",
	);
}
