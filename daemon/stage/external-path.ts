import type { Endpoint } from "../../base/endpoint.ts";
import { FaultlineError } from "../../base/errors.ts";
import { hostPortText } from "../../base/host-port.ts";
import { claimablePort } from "../../base/port-holder.ts";
import { findMarked } from "../../base/process.ts";
import { redactUrl } from "../../base/redact.ts";
import { kafkaNodes } from "../../base/services.ts";
import { describeTrip, Probe } from "../../chaos/probe.ts";
import type { External } from "../../scenarios/contract/external.ts";
import { foldersOf, type Home } from "../home/home.ts";
import { externalBrokers, openFront } from "../stack/external-kafka.ts";
import { freePort, PortClaims } from "../stack/ports.ts";
import { relayFor } from "../stack/socket-relay.ts";
import { openEchoRelay } from "./echo-relay.ts";
import { addressOf, externalEndpoint } from "./external-endpoint.ts";
import { ExternalProcess } from "./external-process.ts";

const answerLimitMs = 5_000;

/** What faults know of a service that runs anyhow, beside the path to it. */
export interface ExternalEnd {
	process: ExternalProcess;
	/** Whether they may break it; the way to it they always may. */
	mayBreak: boolean;
	/** Its URL, without what is secret in it. */
	shown: string;
}

/** A path to such a service, before its proxies are there. */
export interface OpenExternal extends ExternalEnd {
	direct: Endpoint;
	/** Where its proxies are to listen, and what each leads to: one, or one for each of Kafka's brokers. */
	ways: { listen: string; upstream: string }[];
	close(): Promise<void>;
}

/** Sees that the service answers, and opens what has to stand between it and its proxies. */
export async function openExternal(
	path: string,
	external: External,
	{
		home,
		allowDestructive,
		say,
	}: { home: Home; allowDestructive: boolean; say: (line: string) => void },
): Promise<OpenExternal> {
	await mustAnswer(path, external);
	await mustBeFree(path, external);
	const process = processOf(path, external, home);
	await process.look();
	const way = await wayTo(external, say);
	return { process, mayBreak: allowDestructive, shown: redactUrl(external.url), ...way };
}

export function processOf(path: string, { url, pid }: External, home: Home): ExternalProcess {
	const own = () => findMarked(home.id, ...foldersOf(home));
	return new ExternalProcess({ path, at: addressOf(externalEndpoint(url)), pid: pid ?? null, own });
}

/** Throws `FLT_COMPONENT_MISSING` where the service does not answer, with what was tried. */
export async function mustAnswer(path: string, { url }: External): Promise<void> {
	const why = await noAnswer(externalEndpoint(url));
	if (why === null) return;
	throw new FaultlineError(
		"FLT_COMPONENT_MISSING",
		`path "${path}": nothing answers at ${redactUrl(url)}; tried: ${redactUrl(why)}`,
		"start it, or mend the path's url: a service that runs anyhow has to run before a run begins",
	);
}

async function noAnswer(endpoint: Endpoint): Promise<string | null> {
	if (endpoint.kind === "kafka") {
		const tried = "a question for its brokers";
		return externalBrokers(endpoint).then(
			() => null,
			(error: unknown) => `${tried}: ${error instanceof Error ? error.message : error}`,
		);
	}
	const probe = await Probe.open(endpoint, answerLimitMs);
	try {
		const trip = await probe.fresh(answerLimitMs);
		return trip.kind === "answered" ? null : `${asked[endpoint.kind]}: ${describeTrip(trip)}`;
	} finally {
		probe.close();
	}
}

const asked = {
	postgres: "a session and a query",
	redis: "a connection and PING",
	s3: "a GET",
	http: "a GET",
	tcp: "a connection",
};

/** Throws `FLT_PORT_TAKEN` where the path is to have a port of its own, and somebody has it. */
export async function mustBeFree(path: string, { port }: External): Promise<void> {
	if (port) await claimablePort(port, "127.0.0.1", `give path "${path}" another port, or none`);
}

async function wayTo(
	{ url, port = 0 }: External,
	say: (line: string) => void,
): Promise<Pick<OpenExternal, "direct" | "ways" | "close">> {
	const direct = externalEndpoint(url);
	const listen = `127.0.0.1:${port}`;
	const address = addressOf(direct);
	switch (direct.kind) {
		case "kafka": {
			const claims = new PortClaims();
			const ports: number[] = [];
			for (const [i] of kafkaNodes.entries())
				ports.push(i === 0 && port > 0 ? port : await freePort(claims));
			const places = ports.map((port) => ({ host: "127.0.0.1", port }));
			const front = await openFront(direct, places, say);
			return {
				direct: front.direct,
				ways: front.upstreams.map((upstream, i) => ({
					listen: hostPortText(places[i]!),
					upstream,
				})),
				async close() {
					front.close();
					claims.releaseAll();
				},
			};
		}
		case "tcp": {
			const { address: upstream, echo, close } = await openEchoRelay(address!);
			return { direct: { ...direct, echo }, ways: [{ listen, upstream }], close };
		}
		case "postgres":
			if (address === null) {
				const relay = (await relayFor(direct.url))!;
				return { direct, ways: [{ listen, upstream: relay.address }], close: relay.close };
			}
			break;
		case "redis":
		case "s3":
		case "http":
			break;
		default:
			return direct satisfies never;
	}
	return { direct, ways: [{ listen, upstream: hostPortText(address!) }], async close() {} };
}
