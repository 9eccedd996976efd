import type { Test } from "tap";
import type { RunDocument } from "../../daemon/record/document.ts";
import { eventOf, type LiveDaemon, liveDaemon, triedOnce } from "./daemon.ts";

/** Defects are tried only where SEEDS is set, as by `npm run test:defects`: each is a run of its own. */
export const wide = process.env.SEEDS !== undefined;

interface PlantedOptions {
	/** The scenario that takes a defect as a parameter. */
	file: string;
	/** What the daemon has to have, as `--services` takes it. */
	services: string;
	/** One that says nothing, because the machine was late, is asked for so often. */
	tries?: number;
}

/** Runs at `small` with a defect, on a daemon that is there for all of them. */
export function plantedRuns(t: Test, { file, services, tries = 1 }: PlantedOptions) {
	let daemon: LiveDaemon;
	t.before(async () => {
		if (wide) daemon = await liveDaemon(t, { flags: ["--services", services] });
	});
	return {
		get client() {
			return daemon.client;
		},
		async run(params: object): Promise<RunDocument> {
			const { client } = daemon;
			for (let asked = 1; ; asked++) {
				const { runId } = await client.post<{ runId: string }>("/runs", {
					file,
					params: { size: "small", ...triedOnce, ...params },
				});
				await eventOf(client, runId, (event) => event.type === "end");
				const document = await client.run(runId);
				if (document.verdict !== "invalid" || asked === tries) return document;
				t.comment(
					`${JSON.stringify(params)} is asked for again: ${JSON.stringify(document.reasons)}`,
				);
			}
		},
	};
}

/**
 * It failed by exactly these checks that count, in the order in which the scenario has them; `perhaps` are those that a
 * defect may bring about beside them.
 */
export function caughtBy(
	t: Test,
	document: RunDocument,
	checks: readonly string[],
	perhaps: readonly string[] = [],
): void {
	const failed = document.checks.filter(
		({ kind, outcome }) => kind === "correctness" && outcome === "failed",
	);
	t.same(
		failed.map(({ id }) => id).filter((id) => checks.includes(id) || !perhaps.includes(id)),
		checks,
		[...failed, ...document.reasons].map(({ message }) => message).join("\n"),
	);
	t.equal(document.verdict, "failed");
}
