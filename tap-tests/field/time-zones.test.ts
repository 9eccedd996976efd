import t from "tap";
import { readSchedule } from "../../daemon/nightly/schedule.ts";
import { dayMs, wronglyDue } from "../daemon/nightly/due-by-minutes.ts";

/** The days of a year on which a zone's clocks are put forward or back, at noon before. */
function changesOf(timeZone: string, year: number): number[] {
	const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
	const offset = (at: number) => format.format(at).split("GMT")[1];
	const days = Array.from({ length: 365 }, (_, n) => Date.UTC(year, 0, 1, 12) + n * dayMs);
	return days.filter((at) => offset(at) !== offset(at + dayMs));
}

/** Zones whose clocks show the same all year are one. */
const zones = new Map<string, { timeZone: string; changes: number[] }>();
for (const timeZone of Intl.supportedValuesOf("timeZone")) {
	const changes = [...changesOf(timeZone, 2026), ...changesOf(timeZone, 2011)];
	const shown = changes.map((at) => new Date(at).toLocaleString("en", { timeZone }));
	if (changes.length > 0) zones.set(`${changes} ${shown}`, { timeZone, changes });
}

t.test("where clocks change, each time of day is due once, in every zone", async (t) => {
	t.ok(zones.size > 25, `${zones.size} kinds of zone change their clocks`);
	for (const { timeZone, changes } of zones.values())
		for (const at of changes)
			t.same(await wronglyDue(timeZone, at), [], `${timeZone}, ${new Date(at).toISOString()}`);
});

t.test("the next instant is a later one, in every zone", async (t) => {
	const starts = [Date.UTC(2026, 3, 5), Date.UTC(2026, 9, 4), Date.now()];
	for (const timeZone of Intl.supportedValuesOf("timeZone")) {
		const { nextAfter } = await readSchedule("*/15 * * * *", timeZone);
		if (starts.some((at) => !(nextAfter(at) > at && nextAfter(at) <= at + 2 * 3_600_000)))
			t.fail(timeZone);
	}
	t.pass();
});
