import { load, monotonicMs, pause } from "faultline";
import type { RunGit, Tried } from "../forge/clone.ts";
import { JobGit } from "../forge/job-git.ts";
import type { TrialReceipt } from "./trial.ts";

/** What of the parameters such a load is made by. */
interface ChangesParams {
	seed: number;
	trials: number;
	everyMs: number;
	askAgainMs: number;
	shrinkTries: number;
	deadlineMs: number;
}

/** Changes of a seed, and whoever brings them. */
interface Bringer<Change> {
	changesOf(seed: number): { at(n: number): Change };
	developerOf(git: RunGit, askAgainMs: number): Brings<Change>;
	bring(
		change: Change,
		developer: Brings<Change>,
		shrinkTriesMax: number,
		signal: AbortSignal,
	): Promise<TrialReceipt>;
}

interface Brings<Change> {
	bring(change: Change, signal: AbortSignal): Promise<Tried>;
	isTaken(change: Change, name: string): Promise<boolean>;
}

/** Changes, brought one after another through the job at the path `clone`. */
export function changesLoad<Change>(p: ChangesParams, bringer: Bringer<Change>) {
	// Made where it is first wanted: most who plan propose nothing.
	let made: ReturnType<typeof somebody<Change>> | undefined;
	let lastMs = Number.NEGATIVE_INFINITY;
	return load({
		arrival: { kind: "trials", count: p.trials },
		clients: { clone: { driver: "job", at: "clone", connections: 2 } },
		deadlineMs: p.deadlineMs,
		// One at a time: each is a change of what the one before has left.
		inFlightMax: 1,
		journal: true,
		work: async ({ clone }, { n, signal }) => {
			// The faults have to find somebody who proposes something, however quick the machine is.
			await pause(lastMs + p.everyMs - monotonicMs(), signal);
			lastMs = monotonicMs();
			made ??= somebody(p, bringer);
			const { git, developer, changes } = made;
			git.runBy(clone, signal);
			const receipt = await bringer.bring(changes.at(n), developer, p.shrinkTries, signal);
			return JSON.stringify(receipt);
		},
	});
}

/** Who proposes changes, and which. */
function somebody<Change>(
	{ seed, askAgainMs }: ChangesParams,
	{ changesOf, developerOf }: Bringer<Change>,
) {
	const git = new JobGit();
	return { git, developer: developerOf(git.run, askAgainMs), changes: changesOf(seed) };
}
