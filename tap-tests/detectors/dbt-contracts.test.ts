import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import t from "tap";
import { stream } from "../../base/random.ts";
import {
	type Change,
	changeText,
	shopAfter,
	truthOf,
} from "../../scenarios/contracts/dbt-contracts/changes/changes.ts";
import type { EditKind } from "../../scenarios/contracts/dbt-contracts/changes/edit.ts";
import { harmless } from "../../scenarios/contracts/dbt-contracts/changes/harmless.ts";
import { outside } from "../../scenarios/contracts/dbt-contracts/changes/outside.ts";
import { violatingRows } from "../../scenarios/contracts/dbt-contracts/changes/violating-rows.ts";
import { violatingShape } from "../../scenarios/contracts/dbt-contracts/changes/violating-shape.ts";
import { arrangeShop, digestsText } from "../../scenarios/contracts/dbt-contracts/hooks.ts";
import { martRows } from "../../scenarios/contracts/dbt-contracts/marts.ts";
import { publishedSql } from "../../scenarios/contracts/dbt-contracts/publish.ts";
import { shopOf } from "../../scenarios/contracts/dbt-contracts/source.ts";
import { tryChange } from "../../scenarios/contracts/dbt-contracts/trial.ts";
import { namesPlaceAndRule } from "../../scenarios/kit/confusion.ts";
import { type Bench, bench, dbtFolder, noDbt } from "./dbt-gate.ts";
import { ownPostgres } from "./own-postgres.ts";

// Every kind of change, at every place that it has with PLACES=all, or of KINDS=nulls,stale, through the real dbt. RECORD=FOLDER keeps what dbt
// left, for the tests that read such files.

const orders = 400;
const shop = shopOf(7, orders);
const kinds: Record<string, EditKind> = {
	...violatingShape,
	...violatingRows,
	...outside,
	...harmless,
};
const places = process.env.PLACES === "all" ? 400 : 1;
const limits = { triesMax: 2, shrinkTriesMax: 0 };

/** One change for each place and value that the kind draws, up to `places`. */
function changesOfKind(kind: string, { draw }: EditKind): Change[] {
	const random = stream(1, kind);
	const byPlace = new Map<string, Change>();
	for (let draws = 0; draws < 400 && byPlace.size < places; draws++) {
		const edit = { kind, ...draw(random, shop) };
		const place = `${edit.table} ${edit.column} ${edit.to}`;
		if (!byPlace.has(place)) byPlace.set(place, [edit]);
	}
	return [...byPlace.values()];
}

const bin = await dbtFolder();
const skip = bin === null && noDbt;
let gate: Bench;
let url: string;

t.before(async () => {
	if (bin === null) return;
	url = await ownPostgres(t);
	gate = await bench(t, { url, bin, guard: "on" });
	await arrangeShop(gate.ask, { seed: 7, orders });
});

let trial = 0;
const run = (change: Change, on = gate) =>
	tryChange(trial++, change, shop, on, limits, AbortSignal.timeout(120_000));

t.test("a source as it was passes, and its marts are the seed's", { skip }, async (t) => {
	const { verdict, published } = await run([]);
	t.equal(verdict.kind, "passed");
	t.ok(published);
	record("unchanged", []);
	t.equal((await gate.ask(publishedSql)).at(-1)?.digests, digestsText(martRows(shop)));
});

const wanted = process.env.KINDS?.split(",") ?? Object.keys(kinds);
for (const [kind, spec] of Object.entries(kinds).filter(([kind]) => wanted.includes(kind)))
	t.test(`${kind} is told as what it is`, { skip }, async (t) => {
		for (const change of changesOfKind(kind, spec)) {
			const text = changeText(change);
			const truth = truthOf(change);
			const { verdict, startMs, warmMs } = await run(change);
			record(kind, change);
			t.comment(`${text}: ${verdict.kind}, start ${startMs} ms, the rest ${warmMs} ms`);
			const wanted = truth.kind === "violating" ? "blocked" : "passed";
			t.equal(verdict.kind, wanted, `${text}: ${"message" in verdict ? verdict.message : ""}`);
			const told = { name: text, change: kind, truth, verdict, smallest: null };
			t.ok(namesPlaceAndRule(told), `${text}: its place is named`);
			if (verdict.kind !== "passed") continue;
			const digests = digestsText(martRows(shopAfter(change, shop)));
			t.equal((await gate.ask(publishedSql)).at(-1)?.digests, digests, `${text}: its marts`);
		}
	});

function record(name: string, change: Change): void {
	const folder = process.env.RECORD;
	if (folder === undefined) return;
	const { end, files } = gate.last();
	const { manifest, ...told } = files;
	const printed = end.output.split("\n").filter((line) => !line.startsWith("GATE "));
	const output = printed.slice(-12).join("\n");
	mkdirSync(folder, { recursive: true });
	writeFileSync(`${folder}/manifest.json`, `${JSON.stringify(manifest, null, "\t")}\n`);
	const line = { name, change, end: { ...end, output }, ...told };
	// Where it worked is nobody's business.
	const text = JSON.stringify(line).replaceAll(/[./]*\/tmp\/dbt-gate-[\w-]+/g, "WORK");
	appendFileSync(`${folder}/gate.ndjson`, `${text}\n`);
}
