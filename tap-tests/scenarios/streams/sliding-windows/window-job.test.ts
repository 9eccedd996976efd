import fc from "fast-check";
import t from "tap";
import { compare } from "../../../../scenarios/streams/sliding-windows/compare.ts";
import { expectedWindows } from "../../../../scenarios/streams/sliding-windows/oracle/expected-windows.ts";
import {
	decode,
	decodeNaively,
	encode,
	type Purchase,
} from "../../../../scenarios/streams/sliding-windows/purchase.ts";
import { leftOf, WindowJob } from "../../../../scenarios/streams/sliding-windows/window-job.ts";

const startMs = Date.UTC(2026, 0, 5);
const options = { delayMsMax: 120_000, horizonMs: 3_600_000, skewMs: 20_000, read: decode };

/** A partition's life: messages come, are repeated, and whoever works on them commits and is replaced. */
const step = fc.record({
	user: fc.constantFrom("ana", "bo/b", "cy"),
	afterMs: fc.oneof(fc.nat(5_000), fc.nat(600_000)),
	delayMs: fc.oneof(fc.nat(3_000), fc.nat(120_000), fc.constant(120_000)),
	aheadMs: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.constant(600_000)),
	cents: fc.integer({ min: 1, max: 999 }),
	/** So many messages back is the one that this repeats; 0: it is new. */
	repeats: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 12 })),
	stampedAnew: fc.boolean(),
	next: fc.constantFrom("goes on", "goes on", "commits", "is replaced", "is quiet"),
});

interface Lived {
	given: { key: string; value: string }[];
	purchases: Purchase[];
	live: Map<string, string>;
}

function live(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Lived {
	let job = new WindowJob(options);
	const given: Lived["given"] = [];
	const changelog: { key: string; value: string | null }[] = [];
	const purchases: Purchase[] = [];
	const commit = () => {
		const { results, changes } = job.take();
		given.push(...results);
		changelog.push(...changes);
	};
	let receivedMs = startMs;
	const process = (purchase: Purchase) => {
		purchases.push(purchase);
		job.process(encode(purchase));
	};
	for (const [n, one] of steps.entries()) {
		receivedMs += one.afterMs;
		const before = one.repeats === 0 ? undefined : purchases[n - one.repeats];
		const first = purchases.find(({ id }) => id === before?.id);
		const isOld =
			first !== undefined && receivedMs - first.receivedMs > options.horizonMs - 120_000;
		const stamp = { atMs: receivedMs - one.delayMs + one.aheadMs, receivedMs };
		if (before === undefined || isOld)
			process({ id: `${n}`, user: one.user, cents: one.cents, ...stamp });
		else if (one.stampedAnew) process({ ...before, ...stamp });
		else process({ ...before, receivedMs });
		switch (one.next) {
			case "goes on":
				break;
			case "commits":
				commit();
				break;
			case "is replaced":
				commit();
				job = new WindowJob(options);
				for (const change of changelog) job.restore(change);
				break;
			case "is quiet":
				// Elsewhere time has come as far as what was received by now allows.
				job.waitWith([receivedMs - options.delayMsMax]);
				break;
		}
	}
	const endMs = receivedMs + 3_600_000 + 600_000 + 300_000;
	job.process(encode({ id: "closer", user: "closer", cents: 0, atMs: endMs, receivedMs: endMs }));
	commit();
	const last = new Map(changelog.map(({ key, value }) => [key, value]));
	const there = [...last].flatMap(([key, value]): [string, string][] =>
		value === null ? [] : [[key, value]],
	);
	return { given, purchases, live: new Map(there) };
}

t.test(
	"every window is right and given once, whatever is repeated, late, ahead or replaced",
	(t) => {
		let [windows, repeated] = [0, 0];
		fc.assert(
			fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
				const { given, purchases, live: state } = live(steps);
				const expected = expectedWindows(purchases);
				const found = compare(given, expected);
				const left = leftOf([state], options.horizonMs);
				windows += found.rightCount;
				repeated += left.repeated;
				const wrong = [found.wrong, found.missing, found.extra, found.again];
				if (wrong.some(({ count }) => count > 0)) throw new Error(JSON.stringify(found));
				const distinct = new Set(purchases.map(({ id }) => id)).size;
				const { events, counted, late, staleCount } = left;
				const accounted = [events, counted, left.repeated, late, staleCount];
				const should = [steps.length + 1, distinct + 1, steps.length - distinct, 0, 0];
				if (`${accounted}` !== `${should}`) throw new Error(`${accounted}, not ${should}`);
			}),
			{ numRuns: 150 },
		);
		t.ok(windows > 10_000 && repeated > 100, `${windows} windows, ${repeated} repeated messages`);
		t.end();
	},
);

const one = (given: Partial<Purchase>): Buffer =>
	encode({ id: "1", user: "ana", cents: 5, atMs: startMs, receivedMs: startMs, ...given });

t.test("an event behind the watermark is counted as late, and in no window", (t) => {
	const job = new WindowJob(options);
	job.process(one({ id: "now", atMs: startMs + 600_000, receivedMs: startMs + 600_000 }));
	job.process(one({ id: "late", atMs: startMs + 479_999, receivedMs: startMs + 600_000 }));
	job.process(one({ id: "in time", atMs: startMs + 480_000, receivedMs: startMs + 600_000 }));
	const { changes } = job.take();
	const progress = changes.find(({ key }) => key === "progress");
	t.match(JSON.parse(progress!.value!), { events: 3, counted: 2, repeated: 0, late: 1 });
	t.equal(changes.filter(({ key }) => key.startsWith("pane/")).length, 2);
	t.end();
});

t.test("a result names the event whose coming closed its window", (t) => {
	const job = new WindowJob(options);
	job.process(one({}));
	const closer = { sentAtMs: 17.5, phase: "steady" };
	job.process(
		encode({
			...(JSON.parse(String(one({ id: "2", atMs: startMs + 180_000 }))) as Purchase),
			receivedMs: startMs + 180_000,
			...closer,
		}),
	);
	const { results } = job.take();
	t.match(results, [{ to: "results", cause: closer }, { cause: closer }]);
	t.same(job.take().results, [], "it is given away once");
	job.waitWith([startMs + 3_600_000]);
	t.match(job.take().results[0], { cause: null }, "or nothing, where time came from elsewhere");
	t.end();
});

t.test("state is kept as long as a window is open, and its size is told", (t) => {
	const job = new WindowJob(options);
	job.process(one({}));
	job.take();
	const { windows, ids } = job.stateBytes;
	t.ok(windows > 0 && ids > 0);
	job.waitWith([startMs + 3_600_000 + options.skewMs - 1]);
	job.take();
	t.equal(job.stateBytes.windows, windows, "the last hour that it is in is not over");
	job.waitWith([startMs + 3_600_000 + options.skewMs]);
	job.take();
	t.same(job.stateBytes, { windows: 0, ids });
	job.waitWith([startMs + 3_660_000 + options.skewMs]);
	job.take();
	t.same(job.stateBytes, { windows: 0, ids: 0 }, "and then nothing can come again");
	t.end();
});

t.test("state that should be gone is found", (t) => {
	const live = new Map([
		[
			"progress",
			JSON.stringify({ events: 2, counted: 1, repeated: 1, late: 0, watermarkMs: startMs }),
		],
		[`pane/${startMs - 3_600_000}/ana`, "[1,1,1]"],
		[`pane/${startMs - 3_300_000}/ana`, "[1,1,1]"],
		[`ids/${startMs - 3_660_000}/ana`, "[1]"],
		[`ids/${startMs - 3_600_000}/ana`, "[1]"],
	]);
	const found = leftOf([live, new Map()], options.horizonMs);
	t.same(found.stale, [`pane/${startMs - 3_600_000}/ana`, `ids/${startMs - 3_660_000}/ana`]);
	t.match(found, { events: 2, counted: 1, repeated: 1, late: 0, staleCount: 2 });
	t.end();
});

t.test("read naively, a purchase happened when it came, and is another every time", (t) => {
	const value = encode({
		id: "p1",
		user: "ana",
		cents: 5,
		atMs: 1,
		receivedMs: 9,
		n: 3,
		sentAtMs: null,
		phase: "",
	});
	t.match(decodeNaively(value), { id: "p1 3", atMs: 9, receivedMs: 9, cents: 5 });
	t.end();
});
