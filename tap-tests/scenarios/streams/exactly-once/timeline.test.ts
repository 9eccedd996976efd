import t from "tap";
import type { WrittenAttempt } from "../../../../scenarios/streams/exactly-once/oracle/attempts.ts";
import { timelineOf } from "../../../../scenarios/streams/exactly-once/timeline.ts";

const attempt = (committedAtMs: number | null, commitMs: number | null, count: number) =>
	({
		committedAtMs,
		commitMs,
		offsets: Array.from({ length: count }),
	}) as unknown as WrittenAttempt;

t.test("each stretch has what was committed in it, by processor, and how long that took", (t) => {
	const zeroMs = 10_000;
	const first = [attempt(10_100, 1, 3), attempt(10_200, 2, 2), attempt(null, null, 9)];
	const second = [attempt(11_100, 1.5, 5)];
	t.same(timelineOf([first, second], zeroMs), [
		{ toMs: 500, done: [5, 0], commitP50Ms: 1, commitMaxMs: 2 },
		{ toMs: 1_000, done: [0, 0], commitP50Ms: null, commitMaxMs: null },
		{ toMs: 1_500, done: [0, 5], commitP50Ms: 1.5, commitMaxMs: 1.5 },
	]);
	t.same(timelineOf([[], []], zeroMs), []);
	t.end();
});
