import t from "tap";
import { pause } from "../../../base/clock.ts";
import { Interrupt, isWithoutHost, RunEnd, runEndOf } from "../../../daemon/watch/interrupt.ts";

const never = new Promise<never>(() => {});
const stopped = new RunEnd("stopped", "by request");

t.test("work that ends first settles the race as it settles itself", async (t) => {
	const interrupt = new Interrupt();
	t.equal(await interrupt.race(Promise.resolve(5)), 5);
	await t.rejects(interrupt.race(Promise.reject(new Error("its own"))), /its own/);
	t.equal(interrupt.end, null);
});

t.test(
	"everybody who waits is woken with the first cause, whoever comes later at once",
	async (t) => {
		const interrupt = new Interrupt();
		const waiting = [interrupt.race(never), interrupt.until(3_600_000, () => 0)];
		interrupt.raise(stopped);
		interrupt.raise(new RunEnd("host_died", "later"));
		for (const outcome of await Promise.allSettled(waiting))
			t.match(outcome, { status: "rejected", reason: { code: "stopped", message: "by request" } });
		await t.rejects(interrupt.race(Promise.resolve(5)), { code: "stopped" });
		await t.rejects(
			interrupt.until(0, () => 1),
			{ code: "stopped" },
		);
		t.equal(interrupt.end, stopped);
	},
);

t.test("work that fails after it lost the race disturbs nobody", async (t) => {
	const unhandled: unknown[] = [];
	const listener = (error: unknown) => unhandled.push(error);
	process.on("unhandledRejection", listener);
	t.teardown(() => process.off("unhandledRejection", listener));
	const interrupt = new Interrupt();
	const work = Promise.withResolvers<void>();
	const race = interrupt.race(work.promise);
	interrupt.raise(stopped);
	await t.rejects(race, { code: "stopped" });
	work.reject(new Error("too late"));
	for (let turn = 0; turn < 3; turn++) await pause(0);
	t.same(unhandled, []);
});

t.test("a wait ends by the run's clock, not by its timer", async (t) => {
	const interrupt = new Interrupt();
	const readings = [0, 4.5, 4.9, 5];
	let looks = 0;
	await interrupt.until(5, () => readings[Math.min(looks++, readings.length - 1)]!);
	t.equal(looks, 4, "it looked again until the clock said so");
	await interrupt.until(5, () => 6);
});

t.test("a host that is late ends the run by that, and what it had under way is not known", (t) => {
	const late = Object.assign(new Error("it did not come"), { code: "FLT_HOST_LATE" });
	t.match(runEndOf(late, "crashed"), { code: "host_late", message: "it did not come" });
	t.equal(isWithoutHost("host_late"), true);
	t.equal(isWithoutHost("stopped"), false);
	t.end();
});
