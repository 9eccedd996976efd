import type { FaultSpec } from "../../chaos/fault.ts";
import { found } from "../../scenarios/contract/found.ts";
import type { Scenario } from "../../scenarios/contract/scenario.ts";

/** How a run comes to its end of itself; what is done to it from outside is the test's. */
export type Ending = "well" | "failed check" | "abort condition" | "hook throws" | "host dies";

const intervalMs = 100;
/** Gauges are read from the loads' beginning: this many readings lie in the fault, after its proof. */
const readings = 12;

/** Another scenario with this fault alone, that ends like this. */
export function ending(base: Scenario, baseUrl: string, fault: FaultSpec, how: Ending): Scenario {
	const phases = { warmMs: 100, steadyMs: 300, recoverLimitMs: 1_000, intervalMs };
	const changed = found(base, baseUrl, {
		title: `${fault.kind} on ${fault.on}, ended by: ${how}`,
		phases,
		faults: [fault],
	});
	const { hooks } = changed;
	let read = 0;
	const inFault = () => ++read > readings;
	switch (how) {
		case "well":
			return changed;
		case "failed check": {
			const judge = () => ({ over: null, ok: false, expected: 1, actual: 0, message: "planted" });
			return { ...changed, judgement: { checks: { planted: { kind: "correctness", judge } } } };
		}
		case "abort condition": {
			const when = { gauge: "late", is: "above", value: 0, windowMs: intervalMs } as const;
			return {
				...changed,
				hooks: { ...hooks, gauges: { late: async () => (inFault() ? 1 : 0) } },
				plan: (p) => ({ ...changed.plan(p), abortWhen: [when] }),
			};
		}
		case "hook throws":
			return {
				...changed,
				hooks: { ...hooks, observe: () => Promise.reject(new Error("planted")) },
			};
		case "host dies":
			return {
				...changed,
				hooks: {
					...hooks,
					gauges: {
						async late() {
							if (inFault()) process.kill(process.pid, "SIGKILL");
							return 0;
						},
					},
				},
			};
		default:
			return how satisfies never;
	}
}
