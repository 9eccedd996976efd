import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { stream } from "../../base/random.ts";
import type { ServiceId } from "../../base/services.ts";
import type { StackDocument } from "../../daemon/api/views.ts";
import { eventOf, killHard, liveDaemon, temporaryHome, triedOnce, until } from "../live/daemon.ts";
import { fetchedServices, unfetched } from "../live/fetched.ts";
import { inventory } from "../live/inventory.ts";
import { strays } from "../live/strays.ts";

const kills = Number(process.env.KILLS ?? 20);
const seed = Number(process.env.SEED ?? 1);
const fetched = await fetchedServices();

/** What comes on demand, with what else its scenario needs, and how that is started. */
interface OnDemand {
	name: string;
	isHere: boolean;
	/** The service that is to be off again; of a tool only processes could be left. */
	service: ServiceId | null;
	beside: string;
	path: string;
	body: Record<string, unknown>;
}

const ofService = (service: "s3" | "connect", beside: string): OnDemand => ({
	name: service,
	isHere: fetched.has(service),
	service,
	beside,
	path: "/runs",
	body: {
		file: fileURLToPath(
			new URL(`../fixtures/scenarios/kinds-${service}.scenario.ts`, import.meta.url),
		),
		params: triedOnce,
	},
});

const all: OnDemand[] = [
	ofService("s3", "redis"),
	ofService("connect", "postgres,kafka"),
	{
		name: "dbt",
		isHere: (await unfetched({ needs: [], tools: ["dbt"] })).length === 0,
		service: null,
		beside: "postgres",
		path: "/scenarios/dbt-contracts/start",
		body: { size: "small", ...triedOnce },
	},
];
const only = process.env.ONLY?.split(",");
const here = all.filter(({ name, isHere }) => isHere && (only?.includes(name) ?? true));

t.setTimeout(0);
// What nobody needs is stopped at once, so that what is left at the end is left by mistake.
process.env.FAULTLINE_SERVICE_IDLE_S = "0";

if (here.length === 0) t.pass("nothing that is started on demand is in the cache", { skip: true });
for (const { name, service, beside, path, body } of here)
	t.test(
		`a daemon killed ${kills} times while ${name} runs under a fault leaves nothing`,
		async (t) => {
			const home = temporaryHome(t);
			const flags = ["--services", beside];
			const random = stream(seed, name);
			let daemon = await liveDaemon(t, { home, flags });
			const before = await inventory(daemon.client, home);
			let healed = 0;
			for (let kill = 1; kill <= kills; kill++) {
				const { runId } = await daemon.client.post<{ runId: string }>(path, body);
				// Under its n-th fault: before it is proved, or after.
				let left = Math.floor(random() * 3);
				const proved = random() < 0.5;
				await eventOf(daemon.client, runId, (event) => {
					if (event.type === "end") return true;
					if (event.type !== "fault" || event.fault.state !== "injected") return false;
					if ((event.fault.provedMs !== null) !== proved) return false;
					return left-- === 0;
				});
				const { faults } = await daemon.client.get<{ faults: { kind: string }[] }>("/faults");
				t.comment(`kill ${kill}: under ${faults.map(({ kind }) => kind).join(", ") || "none"}`);
				await killHard(daemon);
				daemon = await liveDaemon(t, { home, flags });
				await until(async () => {
					if (service === null) return true;
					const { components } = await daemon.client.get<StackDocument>("/stack");
					return components.find(({ name }) => name === service)?.state === "off";
				});
				const buckets = join(home.data("s3"), "buckets");
				const seen = {
					...(await inventory(daemon.client, home)),
					// What begins with a point is the server's own.
					buckets: (existsSync(buckets) ? readdirSync(buckets) : []).filter(
						(name) => !name.startsWith("."),
					),
					strays: await strays(daemon),
					verdict: (await daemon.client.run(runId)).verdict,
				};
				if (
					t.same(
						seen,
						{ ...before, buckets: [], strays: [], verdict: seen.verdict },
						`kill ${kill}`,
					)
				)
					healed++;
				else t.comment(daemon.output());
				t.not(seen.verdict, null, "its record is final");
			}
			t.equal(healed, kills);
		},
	);
