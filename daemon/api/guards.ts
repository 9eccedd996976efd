import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { FaultlineError } from "../../base/errors.ts";
import { askFirst } from "./ask-first.ts";
import { type Asker, askerOf, isAllowedHost, isTopLevel, type OwnNames } from "./site.ts";

declare module "fastify" {
	interface FastifyContextConfig {
		/** It changes something: never from another site's page, never from a prefetch. */
		effect?: boolean;
		/** Only with the owner's token, which lies in the home folder. */
		owner?: boolean;
	}
	interface FastifyRequest {
		/** It came with the owner's token. */
		isOwner: boolean;
	}
}

export interface GuardOptions extends OwnNames {
	/** Needed for every call where it is set. */
	token: string | null;
	/** Stands for the other one too: its owner may do everything. */
	ownerToken: string;
}

/** One that could be guessed, as an empty one can, guards nothing. */
const tokenLengthMin = 16;

/**
 * Because a GET can start a run, every request is held against what a browser could be made to send: a foreign `Host`
 * (DNS rebinding), another site's page, a link, a prefetch. Programs such as curl send none of these headers.
 */
export function installGuards(app: FastifyInstance, options: GuardOptions): void {
	for (const token of [options.ownerToken, options.token]) {
		if (token === null || token.length >= tokenLengthMin) continue;
		throw new FaultlineError(
			"FLT_USAGE",
			`a token of ${token.length} characters could be guessed`,
			`give it at least ${tokenLengthMin}`,
		);
	}
	app.decorateRequest("isOwner", false);
	app.addHook("onRequest", async (request, reply) => {
		reply.headers(everyAnswer);
		const { effect = request.method !== "GET", owner = false } = request.routeOptions.config;
		checkHost(request, options);
		const asker = askerOf(request.method, request.headers, options);
		const isReadByLink = !effect && isTopLevel(request.headers);
		if (asker.kind === "stranger" && !isReadByLink) throw forbidden(asker.seen, asker.why);
		const isOwner = holds(request, options.ownerToken);
		request.isOwner = isOwner;
		const isKnown = isOwner || (options.token !== null && holds(request, options.token));
		if (owner) mustBeOwner(request);
		if (options.token !== null && !isKnown) throw unauthorized(request, "FAULTLINE_TOKEN");
		if (effect && !isKnown) return checkEffect(asker, request, reply);
	});
}

/** Throws for everybody else. */
export function mustBeOwner(request: FastifyRequest): void {
	if (!request.isOwner)
		throw unauthorized(request, "the owner's token, in the home folder's file `token`");
}

/** Of an effect that no token vouches for. */
function checkEffect(asker: Asker, request: FastifyRequest, reply: FastifyReply) {
	switch (asker.kind) {
		case "program":
		case "page":
		case "stranger":
			return;
		case "person":
			if (request.method === "GET") return askFirst(request, reply);
			throw forbidden("a page that no site sent", "press the button of the page that GET answers");
		case "untold":
			throw forbidden(
				asker.seen,
				`send the header X-Faultline: 1, which no foreign page can send, or a token (Authorization: Bearer …)`,
			);
		default:
			return asker satisfies never;
	}
}

/** Nothing is kept, guessed at, framed, or handed to another site's page. */
export const everyAnswer = {
	"cache-control": "no-store",
	"x-content-type-options": "nosniff",
	"cross-origin-resource-policy": "same-origin",
	"cross-origin-opener-policy": "same-origin",
	"referrer-policy": "no-referrer",
	"x-frame-options": "DENY",
	"content-security-policy":
		"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

function checkHost(request: FastifyRequest, options: GuardOptions): void {
	const host = request.headers.host ?? "";
	if (isAllowedHost(host, options)) return;
	throw forbidden(
		`Host is "${host}"`,
		"call 127.0.0.1 or localhost with this port, or list the name in FAULTLINE_ALLOWED_HOSTS",
	);
}

function holds(request: FastifyRequest, token: string): boolean {
	const [a, b] = [Buffer.from(givenToken(request)), Buffer.from(token)];
	return a.length === b.length && timingSafeEqual(a, b);
}

function givenToken(request: FastifyRequest): string {
	return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

function unauthorized(request: FastifyRequest, which: string): FaultlineError {
	return new FaultlineError(
		"FLT_UNAUTHORIZED",
		givenToken(request) === ""
			? "this call needs a token, none was sent"
			: "this call needs a token, another was sent",
		`send Authorization: Bearer with ${which}`,
	);
}

function forbidden(seen: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_FORBIDDEN", `refused: ${seen}`, hint);
}
