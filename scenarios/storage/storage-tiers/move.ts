import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { auditOf } from "./audit.ts";
import { Mover } from "./mover.ts";
import { heldIn } from "./observe.ts";
import { openStorage } from "./open-storage.ts";
import { type PolicyName, policyNames, staysBy } from "./policies.ts";
import { readPrices } from "./prices.ts";
import { checksumOf } from "./store.ts";
import type { Life } from "./trace.ts";

// The lifecycle script: moves objects between tiers as a policy says, without the testbed.
//
//   node move.ts --root DIR --objects sample/objects.csv --accesses sample/accesses.csv --day 60 --policy size-aware
//
// What is in `objects.csv` and not in DIR yet is written there first, in hot. Run it every day with the next day, or once
// for many: it does each move once, however often it is interrupted and begun again. `--dry-run` only says what it would
// do; `--store s3` moves between buckets (FLT_PATH_STORE, FLT_BUCKET_PREFIX).

const usage = `node move.ts --root DIR [--objects FILE] [--accesses FILE] [--day N] [--policy ${policyNames.join("|")}]
             [--prices FILE] [--store files|s3] [--dry-run]`;

export interface MoveOptions {
	root: string;
	store: string;
	objects: string | URL;
	accesses: string | URL;
	prices: string | URL;
	day: number;
	policy: PolicyName;
	dryRun: boolean;
}

/** What a line of `objects.csv` says. */
interface Listed {
	name: string;
	sizeBytes: number;
	bornDay: number;
}

/** Does what the policy asks for up to a day; what it did, in a line each. */
export async function moveUntil(options: MoveOptions): Promise<string[]> {
	const { root, store: kind, day, policy, dryRun } = options;
	const { store, table, close } = await openStorage({ ...process.env, STORE: kind, ROOT: root });
	const prices = readPrices(options.prices);
	const listed = objectsIn(readFileSync(options.objects, "utf8"));
	const reads = accessesIn(readFileSync(options.accesses, "utf8"));
	const mover = await Mover.open(store, table);
	const said: string[] = [];
	for (const object of listed) {
		const { name } = object;
		if (!dryRun)
			await mover.act(name, { kind: "put", seq: 1, day: 0, version: 1, bytes: contentFor(object) });
		const life: Life = {
			object: 0,
			version: 1,
			sizeBytes: object.sizeBytes,
			bornDay: object.bornDay,
			fromDay: 0,
			toDay: day + 1,
			ends: false,
			reads: reads.get(name) ?? [],
		};
		const moves = staysBy(policy, life, prices).slice(1);
		for (const [n, { tier, fromDay }] of moves.entries()) {
			const seq = n + 2;
			if (seq <= (table.get(name)?.seq ?? 1)) continue;
			if (!dryRun) await mover.act(name, { kind: "move", seq, day: fromDay, to: tier });
			said.push(`day ${fromDay}: ${name} (${object.sizeBytes} bytes) to ${tier}`);
		}
	}
	if (!dryRun) said.push(...(await checked(listed, store, table)));
	await close();
	return said;
}

/** What lies where, held against what was listed: the script does not believe itself. */
async function checked(
	listed: readonly Listed[],
	store: Parameters<typeof heldIn>[0],
	table: Awaited<ReturnType<typeof openStorage>>["table"],
): Promise<string[]> {
	const held = await heldIn(store);
	const pointers = new Map([...table.all()].map((pointer) => [pointer.id, pointer]));
	const wanted = new Map(
		listed.map((object) => [object.name, { version: 1, sha256: checksumOf(contentFor(object)) }]),
	);
	const problems = Object.entries(auditOf(pointers, held, wanted)).flatMap(([kind, names]) =>
		names.map((name) => `${kind}: ${name}`),
	);
	const counts = ["hot", "warm", "cold"].map(
		(tier) => `${held.filter((copy) => copy.tier === tier).length} in ${tier}`,
	);
	return problems.length > 0
		? problems
		: [`${listed.length} objects are whole: ${counts.join(", ")}`];
}

/** `name,size_bytes,born_day` with a heading; a day below 0 is one before the first. */
function objectsIn(csv: string): Listed[] {
	return linesOf(csv).map(([name, sizeBytes, bornDay]) => ({
		name: name!,
		sizeBytes: Number(sizeBytes),
		bornDay: Number(bornDay),
	}));
}

/** `name,day,reads`, by name and in the order of their days. */
function accessesIn(csv: string): Map<string, [day: number, count: number][]> {
	const reads = new Map<string, [number, number][]>();
	for (const [name, day, count] of linesOf(csv)) {
		const ofOne = reads.get(name!) ?? [];
		ofOne.push([Number(day), Number(count)]);
		reads.set(name!, ofOne);
	}
	for (const ofOne of reads.values()) ofOne.sort(([a], [b]) => a - b);
	return reads;
}

function linesOf(csv: string): string[][] {
	const lines = csv.trim().split("\n").slice(1);
	return lines.map((line) => line.split(","));
}

/** The sample's bytes: as many as a sample needs, and other ones for each object. */
function contentFor({ name, sizeBytes }: Listed): Buffer {
	return Buffer.alloc(Math.min(4_096, Math.max(1, Math.round(sizeBytes / 4_096))), `${name} `);
}

if (import.meta.main) {
	const { values } = parseArgs({
		options: {
			root: { type: "string" },
			store: { type: "string", default: "files" },
			objects: { type: "string" },
			accesses: { type: "string" },
			prices: { type: "string" },
			day: { type: "string", default: "180" },
			policy: { type: "string", default: "size-aware" },
			"dry-run": { type: "boolean", default: false },
		},
	});
	const policy = policyNames.find((name) => name === values.policy);
	const day = Number(values.day);
	if (values.root === undefined || policy === undefined || !Number.isInteger(day) || day < 1) {
		console.error(usage);
		process.exit(2);
	}
	const beside = (name: string) => new URL(name, import.meta.url);
	const said = await moveUntil({
		root: values.root,
		store: values.store,
		objects: values.objects ?? beside("sample/objects.csv"),
		accesses: values.accesses ?? beside("sample/accesses.csv"),
		prices: values.prices ?? beside("prices.json"),
		day,
		policy,
		dryRun: values["dry-run"],
	});
	console.log(said.join("\n"));
}
