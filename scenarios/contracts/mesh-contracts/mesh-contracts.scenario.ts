import { load, OperationError, phasesOf, scenario, tool } from "faultline";
import type { RunGit } from "../../subjects/forge/clone.ts";
import { changesLoad } from "../../subjects/gate/changes-load.ts";
import { Changes } from "./changes/changes.ts";
import { Developer } from "./developer.ts";
import { faultsOf } from "./faults.ts";
import { exactness, gate, merged } from "./judgement.ts";
import { consumerNames, domains } from "./mesh/mesh.ts";
import { large, properties, small } from "./params.ts";
import { bringChange } from "./trial.ts";

// What needs a client is imported where it is used: the load's thread plans with this file as well.

/** Who proposes changes, and which. */
const bringer = {
	changesOf: (seed: number) => new Changes(seed),
	developerOf: (git: RunGit, askAgainMs: number) => new Developer(git, askAgainMs),
	bring: bringChange,
};

export default scenario({
	title:
		"Mesh contracts: two domains publish, a third reads both, and its tests decide what is merged",
	question:
		"Is a publisher's change refused exactly when it breaks what a consumer uses, with the consumer and its query named, and is nothing merged anywhere that does not hold together?",
	params: properties,
	sizes: { small, large },
	needs: ["postgres"],
	needsFor: { engine: { dbt: [tool("dbt")] } },
	twin: { fails: ["violations-caught"] },
	limits: { hookMs: 120_000 },
	plan: (p) => ({
		phases: {
			...phasesOf(p),
			finishLimitMs: p.trials * p.deadlineMs,
		},
		paths: {
			sales_db: "postgres",
			crm_db: "postgres",
			consumers_db: "postgres",
			// Who looks where mains are has a way of their own: what the gate is cut off from, they see.
			mains: { subject: "web" },
			web: { subject: "web" },
			gate: { subject: "gate" },
			forge: { subject: "forge" },
			clone: { job: "git" },
		},
		subjects: {
			web: { file: "./forge/web.ts", env: { SEED: p.seed } },
			gate: {
				file: "./gate/serve.ts",
				env: {
					PATIENCE_MS: p.patienceMs,
					PUBLISHERS: domains.join(" "),
					CONSUMERS: consumerNames.join(" "),
					CONSUMERS_TESTS: p.guard,
					ENGINE: p.engine,
				},
			},
			forge: { file: "./forge/serve.ts", ready: "port" },
		},
		jobs: {
			git: {
				file: "../../subjects/forge/developer.sh",
				// biome-ignore lint/suspicious/noTemplateCurlyInString: the daemon puts the path's address there
				env: { FORGE: "${path.forge}" },
				limitMs: p.deadlineMs,
			},
		},
		loads: {
			changes: changesLoad(p, bringer),
			reads: load({
				arrival: { kind: "constant", ratePerSec: p.readsPerSec },
				clients: { web: { driver: "http", at: "web", connections: 2 } },
				deadlineMs: p.deadlineMs,
				inFlightMax: 2,
				journal: true,
				work: async ({ web }, { signal }) => {
					const { status, body } = await web.request({ path: "/mains", signal });
					if (status !== 200) throw new OperationError("fail", `status-${status}`);
					return Object.values(JSON.parse(body) as Record<string, string>).join(" ");
				},
			}),
		},
		faults: faultsOf(p),
		steady: [{ load: "reads", signal: "error_pct", is: "below", value: 1 }],
	}),
	explore: {
		kinds: {
			kill: { on: ["gate", "web"] },
			freeze: { on: ["gate"] },
			reset: { on: ["sales_db", "crm_db", "consumers_db", "mains", "gate"] },
			timeout: { on: ["sales_db", "consumers_db", "mains"] },
			down: { on: ["gate", "mains"] },
			"terminate-backends": { on: ["crm_db"] },
		},
		faultsMax: 4,
		horizonMs: 4_000,
	},
	atScale: {
		growth:
			"`node measure-growth.ts`: asking 3, 12, 48 and 192 queries of 24 orders takes 49, 90, 265 and 1,091 ms, ~ queries^0.75; three queries of 24, 240, 2,400 and 24,000 orders take 32, 49, 138 and 948 ms, ~ orders^0.48; both steeper towards the end.",
		breaksFirst:
			"Everybody's tests, asked for every proposal of any publisher's: a check is as long as there are readers, and proposals wait for each other. Next the rows: datasets are carried from the publisher's database to that of the consumers whole.",
		replacement:
			"Only those are asked whom lineage says that a change reaches, which is known before; samples that are drawn so that what is expected can be told by them; datasets that a consumer's database reads in place; a gate for each publisher, and a queue over all of them that merges in trains.",
	},
})
	.arrange(async (ctx) => (await import("./observe.ts")).arrange(ctx))
	.observe(async (ctx) => (await import("./observe.ts")).observe(ctx))
	.judge(gate, merged, exactness);
