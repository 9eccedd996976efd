import t from "tap";
import type { ScenarioView } from "../../../daemon/api/catalog-views.ts";
import { recheck } from "../../../daemon/compare/recheck.ts";
import { ScenarioCatalog } from "../../../daemon/host/catalog.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { type LiveDaemon, liveDaemon } from "../daemon.ts";
import { unfetched } from "../fetched.ts";
import { expectations } from "./expectations.ts";

// `npm test` runs one scenario of each section. `npm run test:scenarios` sets SEEDS, and runs all of them with their naive
// twins; ONLY=part of a name leaves the others out.
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 1) }, (_, i) => i + 1);
const twins = process.env.SEEDS !== undefined;
const only = new RegExp(process.env.ONLY ?? "");
/** One of those in which something fails, of streams, of databases, of storage. */
const ofSections = ["retry-storm", "kafka-partitioning", "window-queries", "storage-tiers"];
/** Whose records are judged again also where time is short: one with alerts and a recovery, one with cases. */
const rechecked = ["retry-storm", "kafka-partitioning"];

/** Counts of what must not be. A log without transactions may hold a message twice once its broker was away, and says so. */
const isWrong = /(lost|partial)_count$|(?<!messages_)duplicated_count$/;

let daemon: LiveDaemon;
let scenarios: ScenarioView[];
t.before(async () => {
	daemon = await liveDaemon(t, { flags: ["--services", "postgres,kafka"] });
	scenarios = (await daemon.client.get<{ scenarios: ScenarioView[] }>("/scenarios")).scenarios;
});

/** A run with a verdict. One that says nothing, for whatever reason, is asked for once more. */
async function run(name: string, given: Record<string, string>): Promise<RunDocument> {
	const query = new URLSearchParams({ wait: "true", size: "small", ...given });
	for (let asked = 1; ; asked++) {
		const document = await daemon.client.get<RunDocument>(`/scenarios/${name}/start?${query}`);
		if (document.verdict !== "invalid" || asked === 2) return document;
		t.comment(`${name} is asked for again: ${JSON.stringify(document.reasons)}`);
	}
}

function isWanted({ name }: ScenarioView): boolean {
	return twins ? only.test(name) : ofSections.includes(name);
}

t.test("every scenario has the right verdict at its small size", async (t) => {
	const wanted = scenarios.filter(isWanted);
	t.ok(wanted.length > 0, `${only} is part of a scenario's name`);
	const catalog = new ScenarioCatalog();
	for (const { name, guarded } of wanted) {
		const lacking = await unfetched(await catalog.find(name));
		if (lacking.length > 0) {
			t.skip(
				`${name}: ${lacking.join(", ")} not in the cache; npm run test:components fetches it`,
				() => {},
			);
			continue;
		}
		for (const seed of seeds.map(String)) {
			await t.test(`${name} passes (seed ${seed})`, async (t) => {
				const document = await run(name, { seed });
				t.equal(document.verdict, "passed", JSON.stringify(document.reasons));
				t.equal(document.asExpected, true);
				t.same(
					document.checks.filter(({ ok }) => ok !== true),
					[],
				);
				const wrong = document.metrics.filter(({ name }) => isWrong.test(name));
				for (const { name, value } of wrong) t.equal(value, 0, name);
				expectations[name]?.on?.(t, document);
				if (twins || rechecked.includes(name)) {
					const outcome = new RunStore(daemon.home.runs).readOutcome(document.runId);
					const again = await recheck(document, outcome);
					t.same(again.after, again.before, "its record, judged again, says what it said");
				}
				const tookMs = Date.parse(document.endedAt!) - Date.parse(document.startedAt!);
				const again = document.tries.before.map(({ why }) => `, after ${why}`).join("");
				t.comment(`${name} took ${tookMs} ms${again}`);
			});
			if (!guarded || !twins) continue;
			await t.test(
				`the naive twin of ${name} fails by what can be counted (seed ${seed})`,
				async (t) => {
					const document = await run(name, { seed, guard: "off" });
					t.equal(document.verdict, "failed", JSON.stringify(document.reasons));
					t.equal(document.asExpected, true);
					const failed = document.checks.filter(
						({ ok, kind }) => ok === false && kind === "correctness",
					);
					const { twinFails } = await daemon.client.get<{ twinFails: string[] }>(
						`/scenarios/${name}`,
					);
					t.ok(twinFails.length > 0);
					for (const id of twinFails)
						t.ok(
							failed.some((check) => check.id === id),
							`it fails ${id}`,
						);
					expectations[name]?.off?.(t, document);
					t.comment(failed.map(({ id, message }) => `${id}: ${message}`).join("\n"));
				},
			);
		}
	}
});
