import { execFileSync } from "node:child_process";
import t from "tap";
import { followSchedule, plannedBetween, readSchedule } from "../../../daemon/nightly/schedule.ts";
import { FakeClock } from "./fake-clock.ts";

const ms = (iso: string) => Date.parse(iso);
const isoOf = (times: readonly number[]) => times.map((at) => new Date(at).toISOString());

t.test("a daemon without a schedule does not load the library for one", async (t) => {
	// In a process of its own: another file may have loaded it here.
	const script = `import { createRequire } from "node:module";
		import { readSchedule } from ${JSON.stringify(new URL("../../../daemon/nightly/schedule.ts", import.meta.url))};
		const { cache } = createRequire(import.meta.url);
		const loaded = () => Object.keys(cache).some((file) => file.includes("/node_modules/cron/"));
		const before = loaded();
		await readSchedule("0 3 * * *", "UTC");
		console.log(before, loaded());`;
	const node = ["--no-warnings", "--input-type=module", "-e", script];
	t.equal(execFileSync(process.execPath, node, { encoding: "utf8" }), "false true\n");
});

t.test("a night at 02:30 comes once a day, also when the clocks change", async (t) => {
	const schedule = await readSchedule("30 2 * * *", "Europe/Berlin");
	t.same(isoOf(plannedBetween(schedule, ms("2026-03-27T12:00Z"), ms("2026-03-30T12:00Z"))), [
		"2026-03-28T01:30:00.000Z",
		"2026-03-29T01:00:00.000Z", // that day has no 02:30: it goes from 01:59 to 03:00
		"2026-03-30T00:30:00.000Z",
	]);
	t.same(isoOf(plannedBetween(schedule, ms("2026-10-24T12:00Z"), ms("2026-10-26T12:00Z"))), [
		"2026-10-25T00:30:00.000Z", // of two 02:30 the first
		"2026-10-26T01:30:00.000Z",
	]);
});

t.test(
	"asked while the clock shows an hour again, what was due in it is not due again",
	async (t) => {
		for (const [zone, from, to, next] of [
			["Europe/Berlin", "2026-10-25T01:00Z", "2026-10-25T02:00Z", "2026-10-26T01:30:00.000Z"],
			["Australia/Sydney", "2026-04-04T16:00Z", "2026-04-04T17:00Z", "2026-04-05T16:30:00.000Z"],
		] as const) {
			const nightly = await readSchedule("30 2 * * *", zone);
			const often = await readSchedule("*/15 * * * *", zone);
			for (let at = ms(from); at < ms(to); at += 60_000) {
				t.same(isoOf([nightly.nextAfter(at)]), [next]);
				t.same(isoOf([often.nextAfter(at)]), [new Date(ms(to)).toISOString()]);
			}
		}
		const berlin = await readSchedule("0 3 * * *", "Europe/Berlin");
		t.same(isoOf(plannedBetween(berlin, ms("2026-10-24T12:00Z"), ms("2026-10-25T12:00Z"))), [
			"2026-10-25T02:00:00.000Z", // at 03:00 it went back to 02:00: it has come to it once
		]);
	},
);

t.test("a line that makes no sense is refused, with what the library says", async (t) => {
	for (const [at, zone, why] of [
		["0 25 * * *", "UTC", "no such hour"],
		["0 0 31 2 *", "UTC", "a day that never comes"],
		["0 3 * *", "UTC", "a field is missing"],
		["0 3 * * *", "Mars/Olympus", "no such time zone"],
	] as const)
		await t.rejects(readSchedule(at, zone), { code: "FLT_USAGE", message: /nightly\.at is/ }, why);
});

t.test("of very many planned instants the last are told", async (t) => {
	const schedule = await readSchedule("* * * * *", "UTC");
	const planned = plannedBetween(schedule, ms("2026-01-01T00:00Z"), ms("2026-01-01T01:00Z"));
	t.equal(planned.length, 31);
	t.equal(planned.at(-1), ms("2026-01-01T01:00Z"));
});

async function followed(begin: string) {
	const clock = new FakeClock(ms(begin));
	const calls: string[] = [];
	const call = (what: string) => (at: number) =>
		calls.push(`${what} ${new Date(at).toISOString()}`);
	const schedule = await readSchedule("0 3 * * *", "UTC");
	const following = followSchedule(schedule, clock, { due: call("due"), missed: call("missed") });
	return { clock, calls, following };
}

t.test("each planned instant is called for once, as it comes", async (t) => {
	const { clock, calls, following } = await followed("2026-01-01T01:00:00Z");
	t.equal(following.nextMs(), ms("2026-01-01T03:00Z"));
	clock.advance(2 * 3_600_000 - 1);
	t.same(calls, []);
	clock.advance(1);
	t.same(calls, ["due 2026-01-01T03:00:00.000Z"]);
	clock.advance(24 * 3_600_000);
	t.same(calls, ["due 2026-01-01T03:00:00.000Z", "due 2026-01-02T03:00:00.000Z"]);
	following.stop();
	clock.advance(48 * 3_600_000);
	t.equal(calls.length, 2, "and no more once it is stopped");
});

t.test("what was planned while the machine slept is missed, and not done late", async (t) => {
	const { clock, calls, following } = await followed("2026-01-01T01:00:00Z");
	clock.sleep(ms("2026-01-03T03:02:00Z") - ms("2026-01-01T01:00:00Z"));
	clock.advance(60_000);
	t.same(calls, [
		"missed 2026-01-01T03:00:00.000Z",
		"missed 2026-01-02T03:00:00.000Z",
		"due 2026-01-03T03:00:00.000Z",
	]);
	t.equal(following.nextMs(), ms("2026-01-04T03:00Z"));
});
