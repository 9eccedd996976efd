import t from "tap";
import { Slots } from "../../../scenarios/subjects/slots.ts";

/** A clock that stands until it is moved; a pause ends when its time has come, or `lateMs` after it. */
class ManualClock {
	now = 0;
	lateMs = 0;
	readonly #pauses: { atMs: number; resolve(): void }[] = [];
	nowMs = () => this.now;
	pause = (ms: number) =>
		new Promise<void>((resolve) => {
			this.#pauses.push({ atMs: this.now + ms + this.lateMs, resolve });
		});
	/** Lets everything happen that is to come up to this instant. */
	async moveTo(ms: number): Promise<void> {
		for (;;) {
			await new Promise((resolve) => setImmediate(resolve));
			const due = this.#pauses.filter(({ atMs }) => atMs <= ms).sort((a, b) => a.atMs - b.atMs)[0];
			if (due === undefined) break;
			this.now = Math.max(this.now, due.atMs);
			this.#pauses.splice(this.#pauses.indexOf(due), 1);
			due.resolve();
		}
		this.now = ms;
	}
}

const instant = async () => {};

/** When each of these began and ended, once the clock has come to `untilMs`. */
async function times(clock: ManualClock, slots: Slots, sinceMs: number[], untilMs: number) {
	const held = sinceMs.map((ms) => slots.hold(ms, 10, instant));
	await clock.moveTo(untilMs);
	return (await Promise.all(held)).map(({ startMs, endMs }) => [startMs, endMs]);
}

t.test("a backlog is worked off by as many at once as there are slots, in its order", async (t) => {
	const clock = new ManualClock();
	const all = await times(clock, new Slots(2, clock), [0, 0, 0, 0, 0], 100);
	t.same(all, [
		[0, 10],
		[0, 10],
		[10, 20],
		[10, 20],
		[20, 30],
	]);
});

t.test("timers that are late cost a backlog no capacity", async (t) => {
	const clock = new ManualClock();
	clock.lateMs = 4;
	const all = await times(clock, new Slots(1, clock), [0, 0, 0, 0], 100);
	t.same(
		all.map(([startMs]) => startMs),
		[0, 10, 20, 30],
	);
});

t.test("time that is lost is lost: after a stall nothing is caught up", async (t) => {
	const clock = new ManualClock();
	clock.lateMs = 500;
	const slots = new Slots(1, clock);
	const first = slots.hold(0, 10, instant);
	const second = slots.hold(0, 10, instant);
	await clock.moveTo(510);
	clock.lateMs = 0;
	await clock.moveTo(2_000);
	t.match(await first, { startMs: 0, endMs: 10 });
	t.match(await second, { startMs: 510 });
});

t.test("what comes to an idle slot begins when it comes", async (t) => {
	const clock = new ManualClock();
	const slots = new Slots(1, clock);
	await times(clock, slots, [0], 300);
	t.same(await times(clock, slots, [300], 400), [[300, 310]]);
	t.equal(slots.busyCount, 0);
});

t.test("work that fails frees its slot at once, and the next has it", async (t) => {
	const clock = new ManualClock();
	const slots = new Slots(1, clock);
	const failing = slots.hold(0, 10, () => Promise.reject(new Error("no")));
	const next = slots.hold(0, 10, async (slot) => slot);
	await t.rejects(failing, { message: "no" });
	await clock.moveTo(50);
	t.match(await next, { value: 0, startMs: 0, endMs: 10 });
});

t.test("after a halt nothing more is begun", async (t) => {
	const clock = new ManualClock();
	const slots = new Slots(1, clock);
	const first = slots.hold(0, 10, instant);
	let begun = false;
	void slots.hold(0, 10, async () => {
		begun = true;
	});
	slots.halt();
	await clock.moveTo(50);
	await first;
	t.notOk(begun);
	t.equal(slots.waitingCount, 1);
});
