import { readSchedule } from "../../../daemon/nightly/schedule.ts";

const minuteMs = 60_000;
export const dayMs = 86_400_000;
const ms = (iso: string) => Date.parse(iso);

/** What a clock on the wall shows, minute by minute, as Intl writes it. */
function shownIn(timeZone: string, fromMs: number, toMs: number): Map<number, number> {
	const format = new Intl.DateTimeFormat("sv-SE", {
		timeZone,
		dateStyle: "short",
		timeStyle: "short",
	});
	const shown = new Map<number, number>();
	for (let at = fromMs; at < toMs; at += minuteMs)
		shown.set(at, ms(`${format.format(at).replace(" ", "T")}Z`));
	return shown;
}

interface Line {
	cron: string;
	matches(reading: Date): boolean;
}
const lines: Line[] = [
	{ cron: "0 3 * * *", matches: (d) => d.getUTCHours() === 3 && d.getUTCMinutes() === 0 },
	{ cron: "30 2 * * *", matches: (d) => d.getUTCHours() === 2 && d.getUTCMinutes() === 30 },
	{ cron: "0 0 * * *", matches: (d) => d.getUTCHours() === 0 && d.getUTCMinutes() === 0 },
	{ cron: "*/15 * * * *", matches: (d) => d.getUTCMinutes() % 15 === 0 },
	{ cron: "5 0-4 * * *", matches: (d) => d.getUTCHours() < 5 && d.getUTCMinutes() === 5 },
	{
		cron: "45 1 * * 0",
		matches: (d) => d.getUTCDay() === 0 && d.getUTCHours() === 1 && d.getUTCMinutes() === 45,
	},
];

/** Each reading once, when the clock first shows it or jumps over it. */
function dueIn(shown: Map<number, number>, { matches }: Line): number[] {
	const due: number[] = [];
	let [latest] = shown.values();
	for (const [at, reading] of shown) {
		let isDue = false;
		for (let passed = latest! + minuteMs; passed <= reading; passed += minuteMs)
			isDue ||= matches(new Date(passed));
		if (isDue) due.push(at);
		latest = Math.max(latest!, reading);
	}
	return due;
}

/** What is due otherwise than a look at each minute's clock says, from half a day before a change until two days after. */
export async function wronglyDue(timeZone: string, changeMs: number): Promise<string[]> {
	const [fromMs, toMs] = [changeMs - dayMs / 2, changeMs + 2 * dayMs];
	const shown = shownIn(timeZone, fromMs, toMs);
	const wrong: string[] = [];
	for (const line of lines) {
		const schedule = await readSchedule(line.cron, timeZone);
		const due: number[] = [];
		for (let at = fromMs; due.length < 400; due.push(at)) {
			at = schedule.nextAfter(at);
			if (at >= toMs) break;
		}
		const expected = dueIn(shown, line);
		if (due.join() !== expected.join()) wrong.push(`${line.cron}: ${due} not ${expected}`);
	}
	return wrong;
}
