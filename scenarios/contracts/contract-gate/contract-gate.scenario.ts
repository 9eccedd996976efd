import { load, OperationError, phasesOf, scenario } from "faultline";
import type { RunGit } from "../../subjects/forge/clone.ts";
import { changesLoad } from "../../subjects/gate/changes-load.ts";
import { Changes } from "./changes/changes.ts";
import { Developer } from "./developer.ts";
import { faultsOf } from "./faults.ts";
import { gate, merged, rebuilding } from "./judgement.ts";
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
		"Contract gate: what is merged into a repository, and what is refused for a contract's sake",
	question:
		"Is every change that breaks a contract refused before it is merged, with its place named, is no other, and is nothing merged that was not checked?",
	params: properties,
	sizes: { small, large },
	needs: ["postgres"],
	twin: { fails: ["violations-caught", "main-checked"] },
	limits: { hookMs: 120_000 },
	plan: (p) => ({
		phases: {
			...phasesOf(p),
			finishLimitMs: p.trials * p.deadlineMs,
		},
		paths: {
			db: "postgres",
			gate: { subject: "gate" },
			forge: { subject: "forge" },
			clone: { job: "git" },
		},
		subjects: {
			gate: { file: "./gate/serve.ts", env: { PATIENCE_MS: p.patienceMs } },
			forge: { file: "./forge/serve.ts", ready: "port", env: { GUARD: p.guard, SEED: p.seed } },
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
				clients: { clone: { driver: "job", at: "clone", connections: 1 } },
				deadlineMs: p.deadlineMs,
				inFlightMax: 1,
				journal: true,
				work: async ({ clone }, { signal }) => {
					const args = ["ls-remote", "--quiet", "forge:shop.git", "refs/heads/main"];
					const { exitCode, output } = await clone.run({ args }, signal);
					if (exitCode !== 0) throw new OperationError("fail", "git", output.slice(-200));
					return output.slice(0, 40);
				},
			}),
		},
		faults: faultsOf(p),
		steady: [{ load: "reads", signal: "error_pct", is: "below", value: 1 }],
	}),
	explore: {
		kinds: {
			kill: { on: ["gate"] },
			freeze: { on: ["gate"] },
			reset: { on: ["db", "gate"] },
			timeout: { on: ["db"] },
			down: { on: ["gate"] },
			"terminate-backends": { on: ["db"] },
		},
		faultsMax: 4,
		horizonMs: 4_000,
	},
	atScale: {
		growth:
			"`node measure-growth.ts`, 10, 40, 160 and 640 migrations on main: a check in the scratch database takes 26, 22, 35 and 242 ms, ~ migrations^0.52 and steeper towards the end: all of them are run each time.",
		breaksFirst:
			"The scratch database: every check runs all migrations of main, and past some hundreds that is all that it does; checks wait for each other, so that a proposal waits for all before it. Rules about values cost a scan each, of sample rows here.",
		replacement:
			"A template database of main, made once for each merge and copied for a check, or a baseline migration in place of those before it; rules on a sample or on the rows that a change touches; proposals about other contracts checked beside each other, and merged in trains that are checked as one and halved where they break.",
	},
})
	.arrange(async (ctx) => (await import("./observe.ts")).arrange(ctx))
	.observe(async (ctx) => (await import("./observe.ts")).observe(ctx))
	.judge(gate, merged, rebuilding);
