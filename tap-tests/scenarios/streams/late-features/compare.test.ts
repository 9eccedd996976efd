import t from "tap";
import type { Activity } from "../../../../scenarios/streams/late-features/activity.ts";
import { type Comparison, compare } from "../../../../scenarios/streams/late-features/compare.ts";
import type { FeatureRecord } from "../../../../scenarios/streams/late-features/feature-record.ts";
import { expectedFeatures } from "../../../../scenarios/streams/late-features/oracle/expected-features.ts";
import { live, rules, type Step, startMs } from "./lived.ts";

// Bad histories: what a job could do wrong, each told by the part of the comparison that is there for it.

const one = (user: Step["user"], afterMs: number, delayMs: number, cents = 0): Step => ({
	user,
	afterMs,
	delayMs,
	aheadMs: 0,
	isPurchase: cents > 0,
	cents,
	next: "goes on",
});
const steps = [
	one("ana", 1_000, 0, 500),
	one("ana", 10_000, 0),
	one("bo/b", 100_000, 0),
	one("ana", 0, 100_000, 250),
	one("bo/b", 600_000, 0),
	one("ana", 0, 700_000),
];
const lived = live(steps);
const log = lived.activities.map((event) => ({ partition: 0, event }));
const expected = expectedFeatures(log, rules);
const key = `${startMs}/ana`;

t.test("the oracle tells each version of a window, and what is too late for it", (t) => {
	t.same(expected.histories.get(key), {
		endMs: startMs + 60_000,
		versions: [
			{ views: 1, purchases: 1, spent_cents: 500, last_kind: "view", purchase_ratio: 0.5 },
			{ views: 1, purchases: 2, spent_cents: 750, last_kind: "purchase", purchase_ratio: 2 / 3 },
		],
		convergedAfterMs: 21_000,
	});
	t.same([...expected.late], ["5"]);
	t.same([expected.onTimeCount, expected.absorbedCount], [4, 1]);
	t.end();
});

t.test("each partition has a time of its own in the oracle", (t) => {
	const at = (partition: number, atMs: number): { partition: number; event: Activity } => ({
		partition,
		event: {
			id: `${partition} ${atMs}`,
			user: "u",
			kind: "view",
			cents: 0,
			atMs,
			receivedMs: atMs,
		},
	});
	const far = [at(0, startMs + 10_000_000), at(1, startMs)];
	t.equal(expectedFeatures(far, rules).late.size, 0);
	t.equal(expectedFeatures([far[0]!, at(0, startMs)], rules).late.size, 1);
	t.end();
});

const told = (records: readonly FeatureRecord[], late = lived.late) =>
	compare(records, late, expected, [records.toReversed()]);

t.test("a history that is as it should be has nothing wrong", (t) => {
	const { featureCount, rightCount, versionCount, lateCount, orders, ...found } = told(
		lived.records,
	);
	t.same([featureCount, rightCount, versionCount, lateCount, orders], [3, 3, 4, 1, 1]);
	for (const [name, { count }] of Object.entries(found)) t.equal(count, 0, name);
	t.end();
});

t.test("each wrong history is told by what is wrong with it", (t) => {
	const { records } = lived;
	const place = records.findIndex(({ op }) => op === "retract");
	const changed = (at: number, change: Partial<FeatureRecord>) =>
		records.map((record, n) => (n === at ? { ...record, ...change } : record));
	const rows: [FeatureRecord[], (keyof Comparison)[], string][] = [
		[records.slice(0, -1), ["missing", "wrongVersions"], "the last window was never given"],
		[
			records.filter((_, n) => n !== place && n !== place + 1),
			["wrong", "wrongVersions"],
			"a correction was dropped",
		],
		[
			records.filter((_, n) => n !== place),
			["wrongVersions", "notAddedUp"],
			"the old value was not taken back",
		],
		[changed(place, { views: 7 }), ["wrongVersions", "notAddedUp"], "another value was taken back"],
		[
			changed(place + 1, { spent_cents: 1 }),
			["wrong", "wrongVersions"],
			"a correction that is wrong itself",
		],
		[
			changed(place + 1, { version: 1 }),
			["wrong", "wrongVersions", "again", "notAddedUp"],
			"a correction without a version of its own",
		],
		[[...records, records[0]!], ["again"], "a value that was given twice"],
		[
			[...records, { ...records[0]!, user: "nobody" }],
			["extra", "wrongVersions"],
			"a window of somebody who did nothing",
		],
	];
	for (const [history, wrong, why] of rows) {
		const found = Object.entries(told(history)).flatMap(([name, value]) =>
			typeof value === "object" && value.count > 0 ? [name] : [],
		);
		t.same(found.sort(), [...wrong].sort(), why);
	}
	t.end();
});

t.test("what is too late is told once, and nothing else is", (t) => {
	const [first] = lived.late;
	t.match(told(lived.records, []), { lateMissing: { count: 1, first: ["5"] } });
	t.match(told(lived.records, [first!, first!]), { lateExtra: { count: 1 } });
	const other = [first!, { ...first!, id: "1" }];
	t.match(told(lived.records, other), { lateExtra: { count: 1, first: ["1"] } });
	t.end();
});
