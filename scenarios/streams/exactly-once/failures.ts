import { atStep, type FaultSpec, type Grammar, stream } from "faultline";
import { steps } from "./attempts.ts";
import { engineOf, workersOf } from "./engines.ts";
import { brokerKilled, type Failure, leaderGone, repeated, timeOut } from "./failure.ts";
import { groupOf } from "./names.ts";
import type { P } from "./params.ts";

// The failure script: which failure strikes whom, and in which order, comes from the seed.

/** The failures of one round; of the full script 20. */
function failuresOf(p: P): Failure[] {
	const engine = engineOf(p);
	const kills = engine.kills(p);
	const full = [...repeated(3, ...kills), ...engine.others(p)];
	switch (p.script) {
		case "gaps":
			return kills;
		case "full":
			return full;
		case "leaders":
			return [...full, ...repeated(3, leaderGone)];
		case "broker":
			return repeated(5, brokerKilled);
		case "time-out":
			return [timeOut(engine.heldMs(p))];
		default:
			return p.script satisfies never;
	}
}

/** All failures of a run. Those of the shortest script come at once, each to a processor of its own, as far as there are. */
export function failureScript(p: P): FaultSpec[] {
	const { backMs, stuckMs } = engineOf(p);
	const apartMs = p.apartMs + backMs;
	const draw = stream(p.seed, "failures");
	const names = shuffled(workersOf(p), draw);
	const failures = failuresOf(p);
	if (p.script === "gaps")
		return failures.map((failure, i) => {
			const fromMs = Math.floor(i / names.length) * (failure.lastsMs + apartMs);
			return struck(failure, names[i % names.length]!, fromMs, stuckMs);
		});
	let fromMs = 0;
	return repeated(p.rounds, null)
		.flatMap(() => shuffled(failures, draw))
		.map((failure) => {
			const spec = struck(failure, names[Math.floor(draw() * names.length)]!, fromMs, stuckMs);
			fromMs = spec.toMs + apartMs;
			return spec;
		});
}

function struck(
	{ step, lastsMs, fault }: Failure,
	subject: string,
	fromMs: number,
	withinMs: number,
): FaultSpec {
	const spec = fault(subject, { fromMs, toMs: fromMs + lastsMs });
	// What holds a processor at a step comes to that step itself.
	return spec.kind === "hold-at-step" ? spec : atStep(spec, { subject, step, withinMs });
}

function shuffled<T>(all: readonly T[], draw: () => number): T[] {
	const drawn = all.map((one) => ({ one, by: draw() }));
	return drawn.sort((a, b) => a.by - b.by).map(({ one }) => one);
}

/** What `faultline explore` may do: any failure at any step of whoever does the work, several at once. */
export function failureGrammar(p: P): Grammar {
	const workers = workersOf(p);
	const anywhere = workers.flatMap((subject) => steps.map((step) => ({ subject, step })));
	const evicted = { on: ["log"], params: { group: groupOf("") }, at: anywhere };
	return {
		kinds: {
			kill: { on: workers, at: anywhere },
			freeze: { on: workers, at: anywhere },
			reset: { on: ["log", "store"], at: anywhere },
			"hold-at-step": { on: workers, params: { step: "before-commit" } },
			...(engineOf(p).isGroup && { "group-evicted": evicted }),
		},
		faultsMax: 4,
		horizonMs: 3_000,
	};
}
