import t from "tap";
import { auditOf, type Held } from "../../../../scenarios/storage/storage-tiers/audit.ts";
import { Mover } from "../../../../scenarios/storage/storage-tiers/mover.ts";
import type { Pointer } from "../../../../scenarios/storage/storage-tiers/pointers.ts";
import { s3Pointers } from "../../../../scenarios/storage/storage-tiers/s3-pointers.ts";
import { type S3, s3Store } from "../../../../scenarios/storage/storage-tiers/s3-store.ts";
import { checksumOf } from "../../../../scenarios/storage/storage-tiers/store.ts";
import { tiers } from "../../../../scenarios/storage/storage-tiers/tiers.ts";
import { FakeS3 } from "./fake-s3.ts";
import { storeContract } from "./store-contract.ts";
import { script, wantedAfter } from "./world.ts";

const buckets = { hot: "run-hot", warm: "run-warm", cold: "run-cold" };
const fake = () => new FakeS3([...Object.values(buckets), "run-pointers"]);
const first: Pointer = {
	id: "a",
	revision: 1,
	seq: 1,
	at: null,
	doing: { kind: "nothing" },
	past: [],
};
const second = { ...first, revision: 2, seq: 2 };

async function problemsIn(s3: S3): Promise<string[]> {
	const store = s3Store(s3, buckets);
	const held: Held[] = [];
	for (const tier of tiers)
		for (const name of await store.list(tier))
			held.push({ tier, name, sha256: checksumOf(await store.get({ tier, name })) });
	const pointers = [...(await s3Pointers(s3, "run-pointers")).all()];
	const audit = auditOf(
		new Map(pointers.map((pointer) => [pointer.id, pointer])),
		held,
		wantedAfter(script.length),
	);
	return Object.values(audit).flat();
}

t.test("a store in S3 buckets", (t) => storeContract(t, async () => s3Store(fake(), buckets)));

t.test(
	"a table in a bucket refuses who has not seen the last writing, and knows its own",
	async (t) => {
		const s3 = fake();
		const one = await s3Pointers(s3, "run-pointers");
		const other = await s3Pointers(s3, "run-pointers");
		await one.write(first);
		await t.rejects(
			other.write({ ...first, seq: 9 }),
			{ name: "Overtaken" },
			"it is there already",
		);
		t.same(other.get("a"), first, "and is known from then on");
		await other.write(second);
		await t.rejects(one.write({ ...second, seq: 9 }), { name: "Overtaken" });
		t.same([...(await s3Pointers(s3, "run-pointers")).all()], [second]);
	},
);

t.test("a writing whose answer was lost is known as one's own at the next try", async (t) => {
	const s3 = fake();
	const table = await s3Pointers(s3, "run-pointers");
	s3.afterRequest = () => {
		s3.afterRequest = () => {};
		throw new Error("connection reset");
	};
	await t.rejects(table.write(first), /connection reset/);
	await table.write(first);
	t.same(table.get("a"), first);
	await table.write(second);
});

t.test("a table of many pages is read whole", async (t) => {
	const s3 = fake();
	const table = await s3Pointers(s3, "run-pointers");
	const ids = Array.from({ length: 20 }, (_, i) => `object-${i}`);
	for (const id of ids) await table.write({ ...first, id });
	const again = await s3Pointers(s3, "run-pointers");
	t.same([...again.all()].map(({ id }) => id).sort(), ids.sort());
});

t.test("an error that follows the status of a copy is one", async (t) => {
	const s3 = fake();
	const store = s3Store(
		{
			request: async (asked) => {
				const answer = await s3.request(asked);
				return asked.headers?.["x-amz-copy-source"] === undefined
					? answer
					: { ...answer, body: Buffer.from("<Error><Code>InternalError</Code></Error>") };
			},
		},
		buckets,
	);
	await store.put({ tier: "hot", name: "a.1" }, Buffer.from("a"));
	await t.rejects(
		store.copy({ tier: "hot", name: "a.1" }, { tier: "cold", name: "a.2" }),
		/copying a\.1 failed: .*InternalError/,
	);
	await t.rejects(s3Store(new FakeS3([]), buckets).get({ tier: "hot", name: "a.1" }), {
		name: "NotThere",
	});
});

/** The script, by movers of which each request that fails ends one, or none. */
async function lived(s3: FakeS3, dies: boolean): Promise<string[]> {
	const open = async () => Mover.open(s3Store(s3, buckets), await s3Pointers(s3, "run-pointers"));
	let mover = await open();
	for (const { id, action } of script)
		for (let tries = 0; tries < 4; tries++)
			try {
				await mover.act(id, action);
				break;
			} catch {
				if (dies) mover = await open();
			}
	s3.onRequest = s3.afterRequest = () => {};
	s3.late = null;
	return problemsIn(s3);
}

async function requestsOf(): Promise<number> {
	const s3 = fake();
	let requests = 0;
	s3.onRequest = () => requests++;
	await lived(s3, false);
	return requests;
}

t.test(
	"connections that break before or after any request harm nothing, with the mover alive or killed",
	async (t) => {
		const found = new Set<string>();
		const requests = await requestsOf();
		for (let at = 2; at <= requests; at++)
			for (const when of ["onRequest", "afterRequest"] as const)
				for (const dies of [true, false]) {
					const s3 = fake();
					let count = 0;
					s3[when] = () => {
						if (++count === at) throw new Error("connection reset");
					};
					for (const problem of await lived(s3, dies))
						found.add(`${at} ${when} ${dies} ${problem}`);
				}
		t.same([...found].slice(0, 5), []);
		t.ok(requests > 50, `${requests} requests`);
	},
);

t.test(
	"what a mover had sent when it was killed, and what arrives long after, loses no object",
	async (t) => {
		const found = new Set<string>();
		const requests = await requestsOf();
		for (let request = 2; request <= requests; request++)
			for (const by of [1, 3, 8]) {
				const s3 = fake();
				s3.late = { request, by };
				// A copy that arrives after its object has moved on lies there unknown: left over, and not lost.
				for (const problem of await lived(s3, true))
					if (!isLeftover(problem)) found.add(`${request}+${by} ${problem}`);
			}
		t.same([...found].slice(0, 5), []);
	},
);

function isLeftover(problem: string): boolean {
	return problem.includes("/");
}
