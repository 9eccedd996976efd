import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { auditOf, type Held } from "../../../../scenarios/storage/storage-tiers/audit.ts";
import { filesStore } from "../../../../scenarios/storage/storage-tiers/files-store.ts";
import { Mover } from "../../../../scenarios/storage/storage-tiers/mover.ts";
import {
	PointerLog,
	readPointers,
} from "../../../../scenarios/storage/storage-tiers/pointer-log.ts";
import type { Pointer } from "../../../../scenarios/storage/storage-tiers/pointers.ts";
import { checksumOf } from "../../../../scenarios/storage/storage-tiers/store.ts";
import { tiers } from "../../../../scenarios/storage/storage-tiers/tiers.ts";
import { storeContract } from "./store-contract.ts";
import { runScript, script, wantedAfter } from "./world.ts";

// Made once: each time that it is asked for it is emptied.
const base = t.testdir();
const folder = () => mkdtempSync(join(base, "tiers-"));
const pointer = (id: string, revision: number): Pointer => ({
	id,
	revision,
	seq: revision,
	at: null,
	doing: { kind: "nothing" },
	past: [],
});

t.test("a store of files, synced and not", async (t) => {
	await storeContract(t, () => filesStore(folder(), { sync: false }));
	await storeContract(t, () => filesStore(folder(), { sync: true }));
});

t.test("a log of pointers gives after opening what was written before", async (t) => {
	const path = join(folder(), "pointers.ndjson");
	const log = await PointerLog.open(path, { sync: true });
	await Promise.all(["a", "b", "c"].map((id) => log.write(pointer(id, 1))));
	await log.write(pointer("b", 2));
	await t.rejects(log.write(pointer("b", 2)), { name: "Overtaken" });
	await log.close();
	t.same([...readPointers(path).values()].map(({ id, revision }) => `${id}${revision}`).sort(), [
		"a1",
		"b2",
		"c1",
	]);
	t.equal(readFileSync(path, "utf8").trim().split("\n").length, 4, "each writing is a line");
	const again = await PointerLog.open(path, { sync: false });
	t.equal(again.get("b")?.revision, 2);
	t.equal(
		readFileSync(path, "utf8").trim().split("\n").length,
		3,
		"of which opening keeps the last",
	);
	await again.close();
});

t.test(
	"half a line at the end is a writing that nobody was told of; what comes after it is whole",
	async (t) => {
		const path = join(folder(), "pointers.ndjson");
		const line = `${JSON.stringify(pointer("a", 1))}\n`;
		for (let length = 0; length < line.length; length++) {
			writeFileSync(path, line);
			appendFileSync(path, JSON.stringify(pointer("a", 2)).slice(0, length));
			const log = await PointerLog.open(path, { sync: false });
			if (log.get("a")?.revision !== 1) t.fail(`cut at ${length}`);
			await log.write(pointer("a", 2));
			await log.close();
			if (readPointers(path).get("a")?.revision !== 2) t.fail(`cut at ${length}, then written`);
		}
		t.pass(`${line.length} places`);
	},
);

t.test("a line in the middle that is no pointer is not passed over", async (t) => {
	const path = join(folder(), "pointers.ndjson");
	writeFileSync(
		path,
		`${JSON.stringify(pointer("a", 1))}\n{"id": "b"\n${JSON.stringify(pointer("c", 1))}\n`,
	);
	await t.rejects(PointerLog.open(path, { sync: false }), {
		message: /line 2 of .*pointers\.ndjson is no pointer: \{"id": "b"/,
	});
});

t.test(
	"on real files the whole script ends with one copy of each object, and its folders hold no more",
	async (t) => {
		const root = folder();
		const path = join(root, "pointers.ndjson");
		const log = await PointerLog.open(path, { sync: false });
		await runScript(await Mover.open(await filesStore(root, { sync: false }), log), 0);
		await log.close();
		const held = tiers.flatMap((tier): Held[] =>
			readdirSync(join(root, tier)).map((name) => ({
				tier,
				name,
				sha256: checksumOf(readFileSync(join(root, tier, name))),
			})),
		);
		const audit = auditOf(readPointers(path), held, wantedAfter(script.length));
		t.same(Object.values(audit).flat(), []);
		t.equal(held.length, 2);
	},
);
