import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { eventOf, type LiveDaemon, liveDaemon, triedOnce } from "../daemon.ts";

// Defects planted into the job and its producer, each caught by its checks. Only where SEEDS is set, as by `npm run
// test:defects`: each is a run of its own.
const wide = process.env.SEEDS !== undefined;

let daemon: LiveDaemon;
t.before(async () => {
	if (wide) daemon = await liveDaemon(t, { flags: ["--services", "kafka"] });
});

const file = new URL(
	"../../fixtures/scenarios/feature-defects/feature-defects.scenario.ts",
	import.meta.url,
).pathname;

/** A run with a verdict. One that says nothing, because the machine was late, is asked for once more. */
async function withDefect(defect: string): Promise<RunDocument> {
	for (let asked = 1; ; asked++) {
		const { runId } = await daemon.client.post<{ runId: string }>("/runs", {
			file,
			params: { size: "small", ...triedOnce, defect },
		});
		await eventOf(daemon.client, runId, (event) => event.type === "end");
		const document = await daemon.client.run(runId);
		if (document.verdict !== "invalid" || asked === 2) return document;
		t.comment(`${defect} is asked for again: ${JSON.stringify(document.reasons)}`);
	}
}

const planted: [defect: string, checks: string[], why: string][] = [
	["drops", ["log-as-sent"], "a producer that says 2 % were sent that were not"],
	[
		"forgets-early",
		["values-converge", "each-in-one-place", "versions-exact"],
		"a window that is let go of when half of its time is over",
	],
	["drops-in-silence", ["each-in-one-place"], "too late activities that nobody is told of"],
	["keeps-state", ["state-let-go"], "a changelog in which nothing ends"],
	[
		"takes-nothing-back",
		["versions-exact", "any-order-adds-up"],
		"corrections that leave the old value standing",
	],
	[
		"versions-anew",
		["versions-exact"],
		"versions that begin anew with whoever takes a partition over",
	],
	[
		"starts-empty",
		["values-converge", "each-in-one-place", "versions-exact"],
		"a job that goes on without the state of the one that was killed",
	],
	[
		"counts-twice",
		["values-converge", "each-in-one-place"],
		"a too late activity that is counted as one of now as well",
	],
];
for (const [defect, checks, why] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await withDefect(defect);
		const failed = document.checks.filter(
			({ kind, outcome }) => kind === "correctness" && outcome === "failed",
		);
		const said = [...failed, ...document.reasons].map(({ message }) => message).join("\n");
		for (const check of checks)
			t.ok(
				failed.some(({ id }) => id === check),
				`${check}\n${said}`,
			);
		t.equal(document.verdict, "failed");
	});
