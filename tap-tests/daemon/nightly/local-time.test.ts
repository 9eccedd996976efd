import t from "tap";
import { localClock } from "../../../daemon/nightly/local-time.ts";
import { readSchedule } from "../../../daemon/nightly/schedule.ts";
import { wronglyDue } from "./due-by-minutes.ts";

const ms = (iso: string) => Date.parse(iso);

const changes: [timeZone: string, day: string, what: string][] = [
	["Europe/Berlin", "2026-03-29", "no 02:30"],
	["Europe/Berlin", "2026-10-25", "02:30 twice"],
	["America/Santiago", "2026-04-05", "the hour before midnight twice"],
	["America/Santiago", "2026-09-06", "no 00:00"],
	["Australia/Lord_Howe", "2026-04-05", "half an hour"],
	["Africa/Casablanca", "2026-02-15", "an hour back for Ramadan"],
	["Antarctica/Troll", "2026-03-29", "two hours"],
	["Pacific/Apia", "2011-12-30", "a day that was not"],
	["Asia/Kolkata", "2026-01-01", "nothing"],
];
for (const [timeZone, day, what] of changes)
	t.test(`each time of day is due once in ${timeZone} around ${day}: ${what}`, async (t) => {
		t.same(await wronglyDue(timeZone, ms(`${day}T00:00Z`)), []);
	});

t.test(
	"the greatest reading until an instant is of that instant, to the millisecond",
	async (t) => {
		const instant = ms("2026-06-01T12:00Z");
		t.equal(localClock("UTC").latestReadingAt(instant), instant);
		t.equal(localClock("America/New_York").latestReadingAt(instant), ms("2026-06-01T08:00Z"));
		const berlin = localClock("Europe/Berlin");
		const putBack = ms("2026-10-25T01:00Z");
		const greatest = ms("2026-10-25T03:00Z") - 1;
		t.equal(berlin.latestReadingAt(putBack - 1), greatest);
		t.equal(berlin.latestReadingAt(putBack), greatest, "it shows 02:00 again");
		t.equal(berlin.latestReadingAt(putBack + 3_600_000), greatest + 1);
		t.equal(berlin.instantOf(greatest), putBack - 1);
	},
);

t.test("a night in Berlin at 03:00 is one night, also on the day with 25 hours", async (t) => {
	const { nextAfter } = await readSchedule("0 3 * * *", "Europe/Berlin");
	t.equal(nextAfter(ms("2026-10-24T20:00Z")), ms("2026-10-25T02:00Z"));
	t.equal(nextAfter(ms("2026-10-25T02:00Z")), ms("2026-10-26T02:00Z"));
});
