import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { eventOf, type LiveDaemon, liveDaemon, triedOnce } from "../daemon.ts";

// Defects planted into the registry, each caught by its checks. Only where SEEDS is set, as by `npm run test:defects`.
const wide = process.env.SEEDS !== undefined;

let daemon: LiveDaemon;
t.before(async () => {
	if (wide) daemon = await liveDaemon(t, { flags: ["--services", "kafka"] });
});

const file = new URL(
	"../../fixtures/scenarios/schema-defects/schema-defects.scenario.ts",
	import.meta.url,
).pathname;

async function withDefect(defect: string): Promise<RunDocument> {
	const { runId } = await daemon.client.post<{ runId: string }>("/runs", {
		file,
		params: { size: "small", ...triedOnce, defect },
	});
	await eventOf(daemon.client, runId, (event) => event.type === "end");
	return daemon.client.run(runId);
}

const planted: [defect: string, checks: string[], why: string][] = [
	["one-way", ["violations-caught", "values-read"], "a registry that looks one way alone"],
	["short-memory", ["violations-caught"], "one that looks at the last version alone"],
	["no-meaning", ["violations-caught"], "one that takes micros for millis"],
	["vague", ["places-named"], "one that does not say why"],
	["false-alarms", ["no-false-alarms"], "one that is afraid of comments"],
	["keeps-what-it-refuses", ["values-read"], "one that gives away what it has refused"],
	["forgets", ["values-read"], "one that has forgotten all when it was killed"],
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
