import fc from "fast-check";
import t from "tap";
import {
	Admission,
	type Candidate,
	type End,
} from "../../../../scenarios/streams/ingest-backpressure/admission.ts";
import { audit } from "../../../../scenarios/streams/ingest-backpressure/audit.ts";
import type { Decision } from "../../../../scenarios/streams/ingest-backpressure/decisions.ts";
import {
	guardedPolicy,
	naivePolicy,
	type Policy,
} from "../../../../scenarios/streams/ingest-backpressure/policies.ts";

const guarded = guardedPolicy({ serviceMs: 40 });
const inFullTime: End = { how: "done", tookMs: 42, storeMs: 40 };

/** An admission, and what became of each that was offered. */
function opened(policy: Policy) {
	const decisions: Decision[] = [];
	const admission = new Admission(policy, 3, (decision) => decisions.push(decision));
	const fates: string[] = [];
	let keys = 0;
	const offer = (priority: number, { atMs = 0, deadlineAtMs = 1_000 } = {}): Candidate => {
		const key = keys++;
		const candidate: Candidate = {
			key,
			client: 0,
			priority,
			deadlineAtMs,
			start() {
				fates[key] = "started";
			},
			drop(why) {
				fates[key] = why;
			},
		};
		fates[key] = "waits";
		const why = admission.offer(candidate, atMs);
		if (why !== null) fates[key] = why;
		return candidate;
	};
	return { admission, decisions, fates, offer };
}

t.test("as many begin as may be under way, as many wait as may, and the rest is refused", (t) => {
	const { fates, offer } = opened(guarded);
	for (let n = 0; n < 12; n++) offer(1);
	t.same(fates, [
		...new Array(4).fill("started"),
		...new Array(6).fill("waits"),
		"queue_full",
		"queue_full",
	]);
	t.end();
});

t.test("what is important has the place of the least important that came last", (t) => {
	const { fates, offer } = opened(guarded);
	for (const priority of [1, 1, 1, 1, 2, 1, 2, 1, 1, 1]) offer(priority);
	offer(0);
	t.equal(fates[6], "evicted", "the later of the two of the background");
	t.equal(fates[10], "waits");
	offer(2);
	t.equal(fates[11], "queue_full", "it is no more important than any that waits");
	t.end();
});

t.test("the most important begins first, and among equals who has waited longest", (t) => {
	const { admission, fates, offer } = opened(guarded);
	for (const priority of [1, 1, 1, 1, 2, 1, 0, 1]) offer(priority);
	const begun = [6, 5, 7, 4];
	for (const [place, key] of begun.entries()) {
		admission.ended(place, inFullTime, 10 + place);
		t.equal(fates[key], "started");
	}
	t.end();
});

t.test("what can't be answered in time is not begun, nor let in", (t) => {
	const { admission, fates, offer } = opened(guarded);
	for (let n = 0; n < 4; n++) offer(1);
	offer(1, { deadlineAtMs: 60 });
	admission.ended(0, inFullTime, 50);
	t.equal(fates[4], "no_time", "10 ms are left, and one takes 42");
	offer(1, { atMs: 50, deadlineAtMs: 80 });
	t.equal(fates[5], "no_time");
	t.end();
});

t.test("a store that was slow for a while is tried again, however short the time", (t) => {
	const { admission, fates, offer } = opened(guarded);
	offer(1);
	admission.ended(0, { how: "done", tookMs: 5_000, storeMs: 5_000 }, 5_000);
	offer(1, { atMs: 5_000, deadlineAtMs: 5_300 });
	t.equal(fates[1], "started");
	t.end();
});

t.test("who gives up waits no longer; who has begun can't be taken back", (t) => {
	const { admission, fates, offer } = opened(guarded);
	const [first, ...others] = Array.from({ length: 5 }, () => offer(1));
	t.notOk(admission.withdraw(first!, 300));
	t.ok(admission.withdraw(others.at(-1)!, 300));
	t.equal(fates[4], "no_time");
	t.end();
});

/** The limit after so many answers that took so long. */
function limitAfter(answers: number, storeMs: number): number {
	const { admission, decisions, offer } = opened({ ...guarded, queueMax: 1_000 });
	for (let n = 0; n < 500; n++) offer(1, { deadlineAtMs: 1e9 });
	for (let n = 0; n < answers; n++)
		admission.ended(n, { how: "done", tookMs: storeMs, storeMs }, n * storeMs);
	const last = decisions.findLast((one) => one.is === "started");
	return last?.is === "started" ? last.limit : 0;
}

t.test("the limit grows while the store answers in time, and shrinks while it does not", (t) => {
	t.equal(limitAfter(0, 40), 4);
	t.ok(limitAfter(50, 40) > 8, "it grows by one for each round of answers");
	t.ok(limitAfter(200, 99) > limitAfter(50, 99));
	t.equal(limitAfter(200, 101), 2, "to its least");
	t.end();
});

t.test("an error of the store cuts the limit, and what was late for its client does not", (t) => {
	const { admission, decisions, offer } = opened({ ...guarded, queueMax: 100 });
	for (let n = 0; n < 50; n++) offer(1, { deadlineAtMs: 1e9 });
	const limit = () => decisions.findLast((one) => one.is === "started");
	admission.ended(0, { how: "late" }, 10);
	t.match(limit(), { limit: 4 });
	admission.ended(1, { how: "error" }, 20);
	admission.ended(2, { how: "error" }, 21);
	t.match(limit(), { limit: 3 }, "once: the second was under way before the cut");
	t.end();
});

t.test("without guards everybody waits, in turn, for ever", (t) => {
	const { admission, fates, offer } = opened(naivePolicy);
	for (let n = 0; n < 1_000; n++) offer(n % 3, { deadlineAtMs: 1 });
	t.equal(fates.filter((fate) => fate === "started").length, 10);
	t.equal(fates.filter((fate) => fate === "waits").length, 990);
	admission.ended(0, { how: "error" }, 5_000);
	t.equal(fates[10], "started", "whoever waits for it is long gone");
	t.end();
});

const steps = fc.array(
	fc.record({
		act: fc.constantFrom("offer", "offer", "offer", "end", "end", "withdraw"),
		priority: fc.nat(2),
		patienceMs: fc.nat(300),
		tookMs: fc.nat(200),
		how: fc.constantFrom("done", "done", "done", "late", "error"),
		passedMs: fc.nat(40),
	}),
	{ maxLength: 200 },
);

t.test("whatever comes in whichever order, the audit finds nothing against the rules", (t) => {
	fc.assert(
		fc.property(steps, (all) => {
			const { admission, decisions, fates, offer } = opened(guarded);
			const candidates: Candidate[] = [];
			let nowMs = 0;
			const first = (fate: string) => candidates.find(({ key }) => fates[key] === fate);
			for (const { act, priority, patienceMs, tookMs, how, passedMs } of all) {
				nowMs += passedMs;
				if (act === "offer")
					candidates.push(offer(priority, { atMs: nowMs, deadlineAtMs: nowMs + patienceMs }));
				const one = first(act === "end" ? "started" : "waits");
				if (one === undefined) continue;
				if (act === "withdraw") admission.withdraw(one, nowMs);
				if (act !== "end") continue;
				fates[one.key] = "ended";
				const end: End =
					how === "done" ? { how, tookMs, storeMs: tookMs } : { how: how as "late" | "error" };
				admission.ended(one.key, end, nowMs);
			}
			const { waitingMax, forNobodyCount, unfairCount, outOfTurnCount, overLimitCount } = audit(
				decisions,
				{ byPriority: true },
			);
			return (
				waitingMax <= 6 &&
				forNobodyCount + unfairCount + outOfTurnCount + overLimitCount === 0 &&
				admission.roomAfterMs >= 1
			);
		}),
	);
	t.end();
});
