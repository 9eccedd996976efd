import { messageOf } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import type { RunHost } from "../host/channel.ts";
import { certain } from "../judgement/doubt.ts";
import { noResult } from "../record/case-result.ts";
import { cleanUpCase } from "../stage/clean-up.ts";
import type { Subject } from "../stage/subjects.ts";
import { RunEnd } from "../watch/interrupt.ts";
import { Case, judgeLimitMs } from "./case.ts";
import { hook } from "./hook.ts";
import type { RunWork } from "./run-work.ts";

const casesLimitMs = 10_000;

/** The scenario as it is planned: its cases one after another in one host, or the one that it is. */
export async function performCases(work: RunWork): Promise<void> {
	const { document, params, description, stack, interrupt, results } = work;
	let current: Case | null = null;
	const kept = new Map<string, Subject>();
	const host = await work.openHost(null, (event) => current?.hear(event));
	try {
		const cases = await interrupt.race(host.call({ do: "cases", params }, casesLimitMs));
		const rows = Object.entries(cases);
		const list: [string | null, JsonObject][] = rows.length > 0 ? rows : [[null, {}]];
		for (const [id, overrides] of list) {
			current = new Case({ ...work.caseRun(host), kept, id, params: { ...params, ...overrides } });
			work.follow(current);
			results.push(current.result);
			await performCase(work, current);
			if (rows.length > 1)
				await cleanUpCase(stack, document.runId, description.needs, [...kept.keys()]);
		}
		await judgeOverall(work, host);
	} finally {
		await Promise.all([...kept.values()].map((subject) => subject.stop()));
		await host.close();
	}
}

/** What all cases tell together, as a result of its own. */
async function judgeOverall({ interrupt, results, events }: RunWork, host: RunHost): Promise<void> {
	const cases = results.flatMap(({ facts, doubt }) =>
		facts === null ? [] : [{ facts, doubt: doubt ?? certain(facts) }],
	);
	const judging = host.call({ do: "judgeOverall", cases }, judgeLimitMs);
	const concluded = await interrupt.race(hook("overall", judging));
	for (const check of concluded.checks) events.emit({ type: "check", check });
	results.push({ ...noResult(), ...concluded });
}

/** One case from its plan to its checks; it is closed when this settles. */
export async function performCase(work: RunWork, current: Case): Promise<void> {
	const { interrupt, document, log } = work;
	const verifying = () => work.enter("verifying", current.result.phases[0]?.case ?? null);
	try {
		try {
			await current.perform();
		} catch (error) {
			await current.healFaults();
			if (!(error instanceof RunEnd) || error.code !== "aborted") throw error;
			// What an abort condition ended is still looked at: what was counted, counts.
			await current.stopLoads(true);
			verifying();
			await current.verify();
			throw error;
		}
		verifying();
		await interrupt.race(current.verify());
	} finally {
		await current
			.close()
			.catch((error: unknown) =>
				log(`run ${document.runId} did not close cleanly: ${messageOf(error)}`),
			);
	}
}
