import type { KafkaSecurity } from "./kafka-address.ts";

/** Where a load driver, a hook or a subject connects: a service or a subject, direct or through a path's proxy. */
export type Endpoint =
	| { kind: "postgres"; url: string }
	| { kind: "redis"; url: string; tls?: TlsFiles }
	/** Without `security`, in plain text and as nobody. */
	| { kind: "kafka"; brokers: string[]; security?: KafkaSecurity }
	/** An S3 server; user and password of the URL are its access key and the secret. */
	| { kind: "s3"; url: string }
	| { kind: "http"; url: string; tls?: TlsFiles }
	/** Whatever is spoken there. `echo`: who says it first is answered with what he says after it (`echo-relay.ts`). */
	| { kind: "tcp"; url: string; echo?: string };

export type EndpointKind = Endpoint["kind"];

/** PEM files of a TLS connection. Without, it trusts whom Node trusts, and shows no certificate of its own. */
export interface TlsFiles {
	/** Who is trusted, instead of those that Node trusts. */
	ca: string | null;
	/** The certificate that is shown to the server, with those that lead to it. */
	cert: string | null;
	/** Its key; null where it is in the file of the certificate. */
	key: string | null;
}
