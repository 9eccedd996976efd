import fc from "fast-check";
import t from "tap";
import type {
	Change,
	PartitionJob,
	Result,
} from "../../../../scenarios/subjects/streams/partition-job.ts";
import {
	type Committed,
	PartitionSession,
} from "../../../../scenarios/subjects/streams/partition-session.ts";
import { FakeLog } from "./fake-log.ts";

/** Sums its messages, and gives the sum away at every third. */
class Sums implements PartitionJob<number> {
	watermarkMs = 0;
	count = 0;
	sum = 0;
	#results: Result<number>[] = [];

	restore({ key, value }: Change): void {
		if (key === "sum") [this.count, this.sum] = JSON.parse(value!) as [number, number];
		if (key === "time") this.watermarkMs = Number(value);
	}
	process(value: Buffer): void {
		this.count++;
		this.sum += Number(value);
		if (this.count % 3 === 0) this.#give(this.count);
	}
	waitWith(othersMs: readonly number[]): void {
		this.watermarkMs = Math.max(this.watermarkMs, ...othersMs);
	}
	take() {
		const results = this.#results;
		this.#results = [];
		const changes = [
			{ key: "sum", value: JSON.stringify([this.count, this.sum]) },
			{ key: "time", value: String(this.watermarkMs) },
		];
		return { results, changes };
	}
	#give(cause: number): void {
		this.#results.push({ to: "sums", key: `${this.count}`, value: `${this.sum}`, cause });
	}
}

const input = Array.from({ length: 40 }, (_, n) => n + 1);
const messages = (from: number, count: number) =>
	input.slice(from, from + count).map((value, place) => ({
		offset: String(from + place),
		key: null,
		value: Buffer.from(String(value)),
	}));

async function opened(
	log: FakeLog,
	onCommitted: (committed: Committed<number>) => void = () => {},
) {
	const job = new Sums();
	const session = new PartitionSession<number>({
		partition: 0,
		group: "g",
		input: "input",
		changelog: "changelog",
		topicOf: (name) => `out-${name}`,
		openWriter: async () => log.openWriter(),
		job,
		onCommitted,
	});
	await session.fence();
	t.notOk(session.isReady);
	t.ok(session.restore(log.read("changelog")), "its own mark is the last that it reads");
	t.ok(session.isReady);
	return { session, job };
}

t.test("what came of messages is written with their position, and told when it is", async (t) => {
	const log = new FakeLog();
	const told: Committed<number>[] = [];
	const { session } = await opened(log, (committed) => told.push(committed));
	await session.process(messages(0, 7), 7);
	t.same(log.topics["out-sums"], [
		{ key: "3", value: "6" },
		{ key: "6", value: "21" },
	]);
	t.match(log.progress, { group: "g", topic: "input", position: 7, note: "0" });
	t.match(told, [{ partition: 0, from: 0, to: 7, results: [{ cause: 3 }, { cause: 6 }] }]);
	await session.process(messages(5, 4), 9);
	t.match(told[1], { from: 7, to: 9 }, "what came before is not taken twice");
	t.same(log.topics["out-sums"]?.at(-1), { key: "9", value: "45" });
});

t.test("time goes on by others where nothing is left to be read, and only there", async (t) => {
	const log = new FakeLog();
	const { session } = await opened(log);
	await session.process(messages(0, 4), 4);
	await session.waitWith([500], 5);
	t.equal(session.watermarkMs, 0, "one message is on its way");
	await session.waitWith([500], 4);
	t.match(log.progress, { position: 4, note: "500" });
	const written = log.topics.changelog!.length;
	await session.waitWith([500], 4);
	t.equal(log.topics.changelog!.length, written, "where time stays, nothing is written");
});

t.test("a session goes on where the one before had committed, with its state", async (t) => {
	const log = new FakeLog();
	const before = await opened(log);
	await before.session.process(messages(0, 10), 10);
	log.compact("changelog");
	const { session, job } = await opened(log);
	t.equal(session.position, 10);
	t.same([job.count, job.sum], [10, 55]);
	t.equal(session.restoredCount, 2, "of which there are two records");
	await t.rejects(
		before.session.process(messages(10, 1), 11),
		{ message: "an old epoch" },
		"it is shut out",
	);
	t.equal(log.progress?.position, 10);
});

t.test("a session that was given up while it opened writes nothing", async (t) => {
	const log = new FakeLog();
	let open = () => {};
	const session = new PartitionSession<number>({
		partition: 0,
		group: "g",
		input: "input",
		changelog: "changelog",
		topicOf: (name) => name,
		openWriter: () =>
			new Promise((resolve) => {
				open = () => resolve(log.openWriter());
			}),
		job: new Sums(),
		onCommitted: () => {},
	});
	const fenced = session.fence();
	await session.close();
	open();
	await fenced;
	t.same(log.topics, {});
});

t.test("after a write that has failed nothing of the session is written any more", async (t) => {
	for (const fate of ["lost", "untold"] as const) {
		const log = new FakeLog();
		const { session } = await opened(log);
		log.fate = fate;
		const failed = session.process(messages(0, 3), 3);
		const queued = [session.process(messages(3, 3), 6), session.waitWith([9], 6)];
		await t.rejects(failed);
		await Promise.all(queued);
		t.notOk(session.isReady);
		t.equal(log.progress?.position, fate === "lost" ? undefined : 3, fate);
	}
});

const step = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ does: fc.constant("batch" as const), count: fc.nat(6) }) },
	fc.record({
		does: fc.constantFrom("fails", "is untold", "is killed", "is replaced", "is compacted"),
		count: fc.nat(6),
	}),
);

t.test("whatever fails or is killed when, each result is there once, as it should be", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
			const log = new FakeLog();
			let { session } = await opened(log);
			const zombies: PartitionSession<number>[] = [];
			const work = async (count: number) => {
				const from = session.position;
				await session.process(messages(from, count), Math.min(input.length, from + count));
			};
			for (const { does, count } of steps) {
				switch (does) {
					case "batch":
						await work(count);
						break;
					case "fails":
					case "is untold":
						log.fate = does === "fails" ? "lost" : "untold";
						await work(count).catch(() => {});
						({ session } = await opened(log));
						break;
					case "is killed":
						({ session } = await opened(log));
						break;
					case "is replaced":
						zombies.push(session);
						({ session } = await opened(log));
						break;
					case "is compacted":
						log.compact("changelog");
						break;
				}
				for (const zombie of zombies)
					await zombie.process(messages(zombie.position, 3), zombie.position + 3).catch(() => {});
			}
			await work(input.length);
			const sums: { key: string; value: string }[] = [];
			let sum = 0;
			for (const [place, value] of input.entries()) {
				sum += value;
				if ((place + 1) % 3 === 0) sums.push({ key: `${place + 1}`, value: `${sum}` });
			}
			if (JSON.stringify(log.topics["out-sums"]) !== JSON.stringify(sums))
				throw new Error(JSON.stringify(log.topics["out-sums"]));
		}),
		{ numRuns: 300 },
	);
});
