import t from "tap";
import type { RunDocument } from "../../../daemon/runs/document.ts";
import { type LiveDaemon, liveDaemon } from "../daemon.ts";

// `npm run test:scenarios` sets SEEDS=5; `npm test` runs one.
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 1) }, (_, i) => i + 1);

let daemon: LiveDaemon;
t.before(async () => {
	daemon = await liveDaemon(t, { flags: ["--services", "postgres"] });
});

/** A run with a verdict. One that the machine made invalid, as by a late generator, says nothing and is repeated. */
async function run(seed: number): Promise<RunDocument> {
	const path = `/scenarios/window-queries/start?wait=true&size=small&seed=${seed}`;
	for (let tries = 1; ; tries++) {
		const document = await daemon.client.get<RunDocument>(path);
		if (document.verdict !== "invalid" || tries === 3) return document;
	}
}

for (const seed of seeds) {
	t.test(`every row is the oracle's while backends are killed (seed ${seed})`, async (t) => {
		const document = await run(seed);
		t.equal(document.verdict, "passed", JSON.stringify(document.reasons));
		const of = (name: string) => document.metrics.filter((metric) => metric.name === name);
		t.same(
			of("correct_pct").map(({ case: of, value }) => [of, value]),
			[
				["1000-rows", 100],
				["10000-rows", 100],
			],
		);
		t.ok(
			document.faults.every(({ state }) => state === "healed"),
			"every fault took effect",
		);
		t.equal(document.faults.filter(({ kind }) => kind === "terminate-backends").length, 2);
		const growth = document.metrics.filter(({ name }) => name.endsWith("_growth_exponent"));
		t.equal(growth.length, 10);
		t.ok(growth.every(({ case: of, value }) => of === null && value !== null));
	});
}
