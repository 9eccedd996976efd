import fc from "fast-check";
import t from "tap";
import { shuffled, stream } from "../../../../base/random.ts";
import { encode } from "../../../../scenarios/streams/late-features/activity.ts";
import { compare } from "../../../../scenarios/streams/late-features/compare.ts";
import { FeatureJob, leftOf } from "../../../../scenarios/streams/late-features/feature-job.ts";
import { expectedFeatures } from "../../../../scenarios/streams/late-features/oracle/expected-features.ts";
import { live, rules, startMs, step } from "./lived.ts";

t.test(
	"every version of every feature is right and given once, however late activities are and whoever is replaced",
	(t) => {
		let [absorbed, late] = [0, 0];
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, seed) => {
				const lived = live(steps);
				const log = lived.activities.map((event) => ({ partition: 0, event }));
				const expected = expectedFeatures(log, rules);
				const orders = [shuffled(stream(seed, "orders"), lived.records)];
				const found = compare(lived.records, lived.late, expected, orders);
				const left = leftOf([lived.live], rules);
				absorbed += left.absorbed;
				late += left.late;
				const { wrong, missing, extra, wrongVersions, again } = found;
				const { lateMissing, lateExtra, notAddedUp } = found;
				for (const one of [wrong, missing, extra, wrongVersions, again])
					if (one.count > 0) throw new Error(JSON.stringify(found));
				for (const one of [lateMissing, lateExtra, notAddedUp])
					if (one.count > 0) throw new Error(JSON.stringify(found));
				return (
					left.onTime === expected.onTimeCount + 1 &&
					left.absorbed === expected.absorbedCount &&
					left.late === expected.late.size &&
					left.staleCount === 0
				);
			}),
			{ numRuns: 600, seed: 29 },
		);
		t.ok(absorbed > 100 && late > 100, `${absorbed} came later, ${late} too late`);
		t.end();
	},
);

/** What becomes of one activity that comes when the watermark is just so far beyond its window's end. */
function placeAt(beyondMs: number): string {
	const job = new FeatureJob({ ...rules, tellsLate: true });
	const send = (id: string, atMs: number, receivedMs: number) =>
		job.process(
			encode({
				id,
				user: "ana",
				kind: "view",
				cents: 0,
				atMs,
				receivedMs,
				n: 0,
				sentAtMs: null,
				phase: "",
			}),
		);
	const endMs = startMs + rules.windowMs;
	const nowMs = endMs + beyondMs + rules.delayMs;
	send("first", nowMs, nowMs);
	job.take();
	send("late", startMs + 1, nowMs);
	const { results } = job.take();
	return results.map(({ to }) => to).join() || "waits";
}

t.test("a window is given, corrected and let go of at the very instants that are said", (t) => {
	t.equal(placeAt(-1), "waits", "before the watermark is at its end it is in time");
	t.equal(placeAt(0), "features", "from then on it is a correction, at once");
	t.equal(placeAt(rules.latenessMs - 1), "features", "until it is not waited for any more");
	t.equal(placeAt(rules.latenessMs), "too-late");
	t.end();
});

t.test("state is that of open windows, and not of all that ever came", (t) => {
	const job = new FeatureJob({ ...rules, tellsLate: true });
	const bytes: number[] = [];
	for (let n = 0; n < 6_000; n++) {
		const atMs = startMs + n * 1_000;
		const user = `user-${n % 10}`;
		const said = { id: `${n}`, user, kind: "view" as const, cents: 0, atMs, receivedMs: atMs };
		job.process(encode({ ...said, n, sentAtMs: null, phase: "" }));
		if (n % 100 !== 99) continue;
		job.take();
		bytes.push(job.stateBytes.feature!);
	}
	const [early, last] = [bytes[9]!, bytes.at(-1)!];
	t.ok(last < early * 1.2, `${early} bytes after 1,000 s, ${last} after 6,000`);
	t.end();
});

t.test("without an output for it, what comes too late is counted and dropped", (t) => {
	const job = new FeatureJob({ ...rules, latenessMs: 0, tellsLate: false });
	const send = (id: string, atMs: number) =>
		job.process(
			encode({
				id,
				user: "ana",
				kind: "view",
				cents: 0,
				atMs,
				receivedMs: startMs + 500_000,
				n: 0,
				sentAtMs: null,
				phase: "",
			}),
		);
	send("first", startMs + 500_000);
	send("late", startMs);
	const { results, changes } = job.take();
	t.same(results, []);
	t.match(JSON.parse(changes.at(-1)!.value!), { events: 2, onTime: 1, absorbed: 0, late: 1 });
	t.end();
});

t.test("windows that nothing can change any more are found where they are left", (t) => {
	const kept = `feature/${startMs}/ana`;
	const progress = JSON.stringify({
		watermarkMs: startMs + rules.windowMs + rules.latenessMs,
		events: 3,
		onTime: 1,
		absorbed: 1,
		late: 1,
	});
	const state = new Map([
		[kept, "{}"],
		[`feature/${startMs + rules.windowMs}/ana`, "{}"],
		["progress", progress],
	]);
	t.match(leftOf([state], rules), { events: 3, staleCount: 1, stale: [kept] });
	t.end();
});
