import { createHmac, timingSafeEqual } from "node:crypto";

/** Who asks, as a token says it. */
export interface Claim {
	tenant: number;
	/** Seconds since 1970. */
	expiresS: number;
}

/** `claim.signature`, both base64url: the claim is JSON, the signature HMAC-SHA256 of its text. */
export function signToken(claim: Claim, secret: string): string {
	const text = Buffer.from(JSON.stringify(claim)).toString("base64url");
	return `${text}.${signatureOf(text, secret).toString("base64url")}`;
}

/** The claim of a token that was signed with the secret and has not expired; null of every other text. */
export function readToken(token: string, secret: string, nowS: number): Claim | null {
	const [text, signature, ...more] = token.split(".");
	if (text === undefined || signature === undefined || more.length > 0) return null;
	const given = Buffer.from(signature, "base64url");
	const wanted = signatureOf(text, secret);
	if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
	const claim = JSON.parse(Buffer.from(text, "base64url").toString()) as Claim;
	return Number.isSafeInteger(claim.tenant) && claim.expiresS > nowS ? claim : null;
}

function signatureOf(text: string, secret: string): Buffer {
	return createHmac("sha256", secret).update(`token ${text}`).digest();
}
