import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { FaultlineError } from "../../base/errors.ts";

declare module "fastify" {
	interface FastifyContextConfig {
		/** It changes something: never from another site's page, never from a prefetch. */
		effect?: boolean;
		/** Only with the owner's token, which lies in the home folder. */
		owner?: boolean;
	}
}

export interface GuardOptions {
	/** Host names, with or without port, beside our own loopback names. */
	allowedHosts: readonly string[];
	port(): number;
	/** Needed for every call when the daemon listens beyond loopback. */
	token: string | null;
	ownerToken: string;
}

/**
 * Because a GET can start a run, every request is held against what a browser could be made to send: a foreign `Host`
 * (DNS rebinding), another site's page, a prefetch. Programs such as curl send none of these headers.
 */
export function installGuards(app: FastifyInstance, options: GuardOptions): void {
	app.addHook("onRequest", async (request, reply) => {
		reply.header("cache-control", "no-store");
		const { effect = false, owner = false } = request.routeOptions.config;
		checkHost(request, options);
		if (effect) checkOrigin(request, options);
		if (owner)
			checkToken(
				request,
				options.ownerToken,
				"the owner's token, in the home folder's file `token`",
			);
		else if (options.token !== null) checkToken(request, options.token, "FAULTLINE_TOKEN");
	});
}

function checkHost(request: FastifyRequest, options: GuardOptions): void {
	const host = (request.headers.host ?? "").toLowerCase();
	if (isAllowedHost(host, options)) return;
	throw forbidden(
		`Host is "${host}"`,
		"call 127.0.0.1 or localhost with this port, or list the name in FAULTLINE_ALLOWED_HOSTS",
	);
}

function isAllowedHost(host: string, { allowedHosts, port }: GuardOptions): boolean {
	const own = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port()}`);
	if (own.includes(host)) return true;
	const name = host.replace(/:\d+$/, "");
	return allowedHosts.some((allowed) => [host, name].includes(allowed.toLowerCase()));
}

function checkOrigin(request: FastifyRequest, options: GuardOptions): void {
	const { headers } = request;
	const site = headers["sec-fetch-site"];
	if (site !== undefined && site !== "same-origin" && site !== "none") {
		throw forbidden(
			`Sec-Fetch-Site is "${site}"`,
			"another site's page may not start anything here",
		);
	}
	const purpose = headers["sec-purpose"] ?? headers.purpose;
	if (purpose !== undefined && /prefetch|prerender/.test(String(purpose))) {
		throw forbidden(`Purpose is "${String(purpose)}"`, "a prefetch may not start anything");
	}
	const { origin } = headers;
	if (origin === undefined) return;
	const host = URL.canParse(origin) ? new URL(origin).host : "";
	if (!isAllowedHost(host, options)) {
		throw forbidden(`Origin is "${origin}"`, "another site's page may not start anything here");
	}
}

function checkToken(request: FastifyRequest, token: string, which: string): void {
	const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
	const [a, b] = [Buffer.from(given), Buffer.from(token)];
	if (a.length === b.length && timingSafeEqual(a, b)) return;
	throw new FaultlineError(
		"FLT_UNAUTHORIZED",
		given === ""
			? "this call needs a token, none was sent"
			: "this call needs a token, another was sent",
		`send Authorization: Bearer with ${which}`,
	);
}

function forbidden(seen: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_FORBIDDEN", `refused: ${seen}`, hint);
}
