import fc from "fast-check";
import t from "tap";
import { goneFrom, SeenIds } from "../../../../scenarios/streams/sliding-windows/seen-ids.ts";

const [minuteMs, horizonMs] = [60_000, 600_000];

t.test("an id is new once, for each user", (t) => {
	const seen = new SeenIds(horizonMs);
	t.equal(seen.add("a", "1", 5 * minuteMs), `${5 * minuteMs}/a`);
	t.equal(seen.add("a", "1", 9 * minuteMs), null, "whenever it comes again");
	t.ok(seen.add("b", "1", 5 * minuteMs), "of another user it is another");
	t.ok(seen.add("a", "2", 5 * minuteMs + 59_999));
	t.same(seen.in(`${5 * minuteMs}/a`), ["1", "2"]);
	t.same(seen.in("nobody"), []);
	t.end();
});

t.test("it is remembered for the horizon, and not much longer", (t) => {
	const seen = new SeenIds(horizonMs);
	seen.add("a", "1", 0);
	const gone = goneFrom(0, horizonMs);
	t.ok(gone >= minuteMs - 1 + horizonMs && gone <= minuteMs + horizonMs);
	t.same(seen.expire(gone - 1), []);
	t.equal(seen.add("a", "1", gone - 1), null);
	t.same(seen.expire(gone), ["0/a"]);
	t.ok(seen.add("a", "1", gone), "then it is new");
	t.end();
});

const step = fc.record({
	user: fc.constantFrom("a", "b/c"),
	id: fc.integer({ min: 0, max: 30 }).map(String),
	afterMs: fc.nat(2 * minuteMs),
	expires: fc.boolean(),
});

t.test("it says what a list of everything says, also after it was restored", (t) => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 200 }), fc.nat(200), (steps, restoredAt) => {
			let seen = new SeenIds(horizonMs);
			const changelog = new Map<string, readonly string[]>();
			const all: { user: string; id: string; bucketMs: number }[] = [];
			let nowMs = 0;
			let watermarkMs = Number.NEGATIVE_INFINITY;
			for (const [n, { user, id, afterMs, expires }] of steps.entries()) {
				nowMs += afterMs;
				const known = all.some(
					(one) =>
						one.user === user && one.id === id && goneFrom(one.bucketMs, horizonMs) > watermarkMs,
				);
				const bucket = seen.add(user, id, nowMs);
				if ((bucket === null) !== known) return false;
				if (bucket !== null) {
					all.push({ user, id, bucketMs: nowMs - (nowMs % minuteMs) });
					changelog.set(bucket, seen.in(bucket));
				}
				if (expires) {
					watermarkMs = nowMs;
					for (const gone of seen.expire(watermarkMs)) changelog.delete(gone);
				}
				if (n === restoredAt) {
					seen = new SeenIds(horizonMs);
					for (const [key, ids] of changelog) seen.restore(key, ids);
				}
			}
			return true;
		}),
		{ numRuns: 300 },
	);
	t.end();
});
