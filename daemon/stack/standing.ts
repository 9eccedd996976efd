import type { ProxyPlan, ToxiproxyClient } from "../../toxiproxy/client.ts";

/**
 * Makes these proxies exist as planned. One that is right already is left alone, with its connections and toxics; any
 * other proxy of the server is not looked at.
 */
export async function ensureProxies(
	client: ToxiproxyClient,
	plans: readonly ProxyPlan[],
): Promise<void> {
	for (const plan of plans) {
		const present = await client.getProxy(plan.name);
		const right = present?.listen === plan.listen && present.upstream === plan.upstream;
		if (present !== null && !right) await client.deleteProxy(plan.name);
		if (!right) await client.createProxy(plan);
	}
}
