import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { type LiveDaemon, liveDaemon, triedOnce } from "../daemon.ts";
import { unfetched } from "../fetched.ts";
import { wide } from "../planted.ts";

// Stream experiments on engines that are no part of the core: by `npm run test:defects`, which sets SEEDS, where the tool of
// the engine is in the cache. Each run has a kill in it at least, and a restart from a checkpoint.

t.setTimeout(600_000);
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 1) }, (_, i) => i + 1);
const lacking = await unfetched({ needs: [], tools: ["flink"] });
const skip = wide
	? lacking.length > 0 && "flink is not in the cache; npm run test:components fetches it"
	: true;

let daemon: LiveDaemon;
t.before(async () => {
	if (skip === false) daemon = await liveDaemon(t, { flags: ["--services", "postgres,kafka"] });
});

/** A run with a verdict: one that says nothing, because the machine was late, is asked for once more. */
async function run(name: string, given: Record<string, string>): Promise<RunDocument> {
	const query = new URLSearchParams({
		wait: "true",
		size: "small",
		engine: "flink",
		retries: String(triedOnce.retries),
		...given,
	});
	for (let asked = 1; ; asked++) {
		const document = await daemon.client.get<RunDocument>(`/scenarios/${name}/start?${query}`);
		if (document.verdict !== "invalid" || asked === 3) return document;
		t.comment(`${name} is asked for again: ${JSON.stringify(document.reasons)}`);
	}
}

const failedOf = ({ checks }: RunDocument) =>
	checks.filter(({ ok, kind }) => ok === false && kind === "correctness").map(({ id }) => id);

for (const [name, kills, goesOn, twinFails] of [
	[
		"late-features",
		1,
		["goes-on-where-committed", /[1-9]\d* times one that had been worked on/],
		["values-converge", "each-in-one-place", "versions-exact"],
	],
	[
		"sliding-windows",
		1,
		["goes-on-where-committed", /[1-9]\d* times one that had been worked on/],
		["windows-exact", "each-accounted"],
	],
	[
		"exactly-once",
		3,
		["failures-struck", /^3 of 3 failures struck/],
		["nothing-doubled", "results-match"],
	],
] as const)
	for (const seed of seeds.map(String)) {
		t.test(
			`${name} on flink is right although it is killed (seed ${seed})`,
			{ skip },
			async (t) => {
				const document = await run(name, { seed });
				t.equal(document.verdict, "passed", JSON.stringify(document.reasons));
				t.equal(document.faults.length, kills);
				for (const fault of document.faults)
					t.match(fault, { kind: "kill", on: "flink", state: "healed" });
				const [id, message] = goesOn;
				t.match(document.checks.find((check) => check.id === id)?.message, message);
			},
		);
		t.test(`its twin fails by what can be counted (seed ${seed})`, { skip }, async (t) => {
			const document = await run(name, { seed, guard: "off" });
			t.equal(document.verdict, "failed", JSON.stringify(document.reasons));
			t.equal(document.asExpected, true);
			t.same(failedOf(document).toSorted(), twinFails.toSorted());
		});
	}

t.test("what is prepared, and times out before it is committed, is lost", { skip }, async (t) => {
	const document = await run("exactly-once", { script: "time-out", flinkTransactionMs: "5000" });
	t.equal(document.verdict, "failed", JSON.stringify(document.reasons));
	t.same(failedOf(document).toSorted(), ["nothing-lost", "results-match"]);
});

t.test("what an engine can't suffer is refused before a run begins", { skip }, async (t) => {
	await t.rejects(run("late-features", { fault: "evict" }), {
		message: /fault=evict is nothing that this engine can suffer; there are kill/,
	});
	await t.rejects(run("exactly-once", { sink: "postgres" }), {
		message: /sink=postgres is nothing that engine=flink can write to; there are kafka/,
	});
});
