import type { Endpoint } from "../../base/endpoint.ts";
import { hostPortOf, hostPortOfUrl, hostPortText } from "../../base/host-port.ts";
import { isLoopback } from "../../base/loopback.ts";
import { processesOf } from "../../base/services.ts";
import { type ProxyPlan, ToxiproxyClient } from "../../toxiproxy/client.ts";
import { proxyPrefix } from "../../toxiproxy/proxies.ts";
import type { ProcessId, ServiceState } from "./service.ts";
import { type Bringing, type Slot, standsFor } from "./slots.ts";
import { ensureProxies } from "./standing.ts";
import { through, urlOf } from "./urls.ts";

/** Where a service's standing proxy takes connections, or null for one without proxy. */
export function proxyAddressOf({ slots }: Bringing, id: ProcessId): string | null {
	const toxiproxy = slots.get("toxiproxy");
	const port = toxiproxy?.ports[id];
	if (port === undefined) return null;
	const external = toxiproxy?.external;
	const host = external ? hostPortOfUrl(new URL(urlOf(external)), 8474).host : "127.0.0.1";
	return hostPortText({ host: isLoopback(host) ? "127.0.0.1" : host, port });
}

export function proxiedOf(bringing: Bringing, slot: Slot, direct: Endpoint): Endpoint | null {
	const led = upstreamsOf(bringing, slot);
	if (led.length === 0) return null;
	const addresses = led.map(({ id }) => proxyAddressOf(bringing, id));
	return addresses.includes(null) ? null : through(direct, addresses.join());
}

/** Where the standing proxy of this service leads to, or null. */
export function upstreamOf({ service, external, relay, ports }: Slot): string | null {
	if (relay !== null) return relay.address;
	if (external !== null) return service.upstreamOf(external);
	return service.proxiedPort && `127.0.0.1:${ports[service.proxiedPort]}`;
}

/** The standing proxies of this home, for the services that are wanted. */
export function standingProxies(bringing: Bringing): ProxyPlan[] {
	const wanted = [...bringing.slots.values()].filter((slot) => slot.wanted);
	return wanted
		.flatMap((slot) => ledBy(slot))
		.flatMap(({ id, upstream }) => {
			const address = proxyAddressOf(bringing, id);
			if (address === null) return [];
			return [{ name: proxyPrefix(bringing.home.id) + id, listen: listenAt(address), upstream }];
		});
}

interface Led {
	id: ProcessId;
	/** host:port that its standing proxy leads to. */
	upstream: string;
}

/** What this slot's own proxies lead to: of an external service each of its processes has one. */
export function ledBy(slot: Slot): Led[] {
	if (slot.front !== null) {
		const ids = processesOf(slot.id);
		return slot.front.upstreams.map((upstream, i) => ({ id: ids[i]!, upstream }));
	}
	const upstream = upstreamOf(slot);
	return upstream === null ? [] : [{ id: slot.id, upstream }];
}

export function upstreamsOf(bringing: Bringing, slot: Slot): Led[] {
	return standsFor(bringing, slot).flatMap(ledBy);
}

/** A Toxiproxy on another machine must take connections from this one. */
export function listenAt(address: string): string {
	const { host, port } = hostPortOf(address);
	if (host === "127.0.0.1") return address;
	return hostPortText({ host: host.includes(":") ? "::" : "0.0.0.0", port });
}

export async function openProxies(
	bringing: Bringing,
	state: ServiceState | undefined,
): Promise<void> {
	if (state?.state !== "up") return;
	const client = new ToxiproxyClient(urlOf(state.endpoint));
	await ensureInTurn(bringing, client);
}

/** One after another: two that look at the same time would both make what is not there. */
function ensureInTurn(bringing: Bringing, client: ToxiproxyClient): Promise<void> {
	const before = bringing.proxying.catch(() => {}); // told to whoever asked for them
	bringing.proxying = before.then(() => ensureProxies(client, standingProxies(bringing)));
	return bringing.proxying;
}

export async function makeProxies(bringing: Bringing): Promise<void> {
	const client = toxiproxyOf(bringing);
	if (client !== null) await ensureInTurn(bringing, client);
}

export function toxiproxyOf({ slots }: Bringing): ToxiproxyClient | null {
	const state = slots.get("toxiproxy")?.state;
	return state?.state === "up" ? new ToxiproxyClient(urlOf(state.endpoint)) : null;
}

/** Takes our proxies from a Toxiproxy that goes on without us. */
export async function withdrawProxies(bringing: Bringing): Promise<void> {
	const client = toxiproxyOf(bringing);
	if (client === null) return;
	const prefix = proxyPrefix(bringing.home.id);
	for (const { name } of await client.listProxies())
		if (name.startsWith(prefix)) await client.deleteProxy(name);
}
