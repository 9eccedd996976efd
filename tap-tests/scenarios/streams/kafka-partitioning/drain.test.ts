import t from "tap";
import { drainAll, drainFor } from "../../../../scenarios/streams/kafka-partitioning/drain.ts";

/** What waits at each look, ten milliseconds apart; the last for ever. */
function draining(waiting: number[]) {
	let nowMs = 0;
	let looks = 0;
	return {
		look: async () => waiting[Math.min(looks++, waiting.length - 1)]!,
		pause: async () => {
			nowMs += 10;
		},
		nowMs: () => nowMs,
		get looks() {
			return looks;
		},
	};
}

t.test("what is left by arithmetic has its time, and no more", async (t) => {
	const soon = draining([5, 3, 0]);
	await drainFor(50, soon);
	t.equal(soon.looks, 3);
	const slow = draining([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
	await drainFor(50, slow);
	t.equal(slow.looks, 6);
});

t.test("what has to come through has its time for as long as it becomes less", async (t) => {
	const slow = draining([9, 9, 9, 8, 8, 8, 7, 7, 7, 0]);
	await drainAll(50, slow);
	t.equal(slow.looks, 10);
	const stuck = draining([9, 8, 8]);
	await drainAll(50, stuck);
	t.equal(stuck.looks, 7, "nothing became less for fifty milliseconds");
});
