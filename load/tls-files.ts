import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import type { TlsFiles } from "../base/endpoint.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";

export interface TlsFlags {
	ca?: string;
	cert?: string;
	certKey?: string;
}

/** The files that a command line names, read once to see that they can be used; undefined where it names none. */
export function tlsFilesOf(
	{ ca, cert, certKey }: TlsFlags,
	{ isSecure, secureScheme }: { isSecure: boolean; secureScheme: string },
): TlsFiles | undefined {
	if (ca === undefined && cert === undefined && certKey === undefined) return undefined;
	const given = [ca && "--ca", cert && "--cert", certKey && "--cert-key"]
		.filter(Boolean)
		.join(", ");
	if (!isSecure)
		throw usage(`${given} for a target without TLS`, `write ${secureScheme}://…, or leave it out`);
	if (certKey !== undefined && cert === undefined)
		throw usage("--cert-key without --cert", "give the certificate that the key belongs to");
	const files = { ca: ca ?? null, cert: cert ?? null, key: certKey ?? null };
	secureContextOf(files);
	return files;
}

/** Undefined where nothing is given, for Node's own. */
export function secureContextOf(files: TlsFiles | undefined): SecureContext | undefined {
	if (files === undefined) return undefined;
	const { ca, cert, key } = files;
	const texts = {
		ca: ca === null ? null : pem("--ca", ca, "CERTIFICATE"),
		cert: cert === null ? null : pem("--cert", cert, "CERTIFICATE"),
		key: cert === null ? null : pem(key === null ? "--cert" : "--cert-key", key ?? cert, "KEY"),
	};
	try {
		return contextOf(texts);
	} catch (error) {
		throw usage(
			`the files for TLS can't be used: ${messageOf(error)}`,
			"give a certificate and the key that belongs to it, both as PEM, the key without a passphrase",
		);
	}
}

/** What a connection is made with that trusts `ca` and shows `cert`: texts in PEM, each null where it is not given. */
export function contextOf(pem: Record<"ca" | "cert" | "key", string | null>): SecureContext {
	const { ca, cert, key } = pem;
	return createSecureContext({
		...(ca === null ? {} : { ca }),
		...(cert === null || key === null ? {} : { cert, key }),
	});
}

function pem(flag: string, file: string, what: "CERTIFICATE" | "KEY"): string {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		throw usage(`${flag} ${file}: ${messageOf(error)}`, "name a PEM file that can be read");
	}
	if (new RegExp(`-----BEGIN [A-Z0-9 ]*${what}-----`).test(text)) return text;
	const name = what === "KEY" ? "private key" : "certificate";
	throw usage(
		`${flag} ${file} has no ${name} in PEM`,
		`it begins with -----BEGIN … ${what}-----; openssl makes it of other formats`,
	);
}

function usage(message: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_USAGE", message, hint);
}
