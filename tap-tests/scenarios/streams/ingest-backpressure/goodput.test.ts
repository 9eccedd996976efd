import t from "tap";
import {
	recoveredAfterMs,
	usefulMs,
	type Work,
} from "../../../../scenarios/streams/ingest-backpressure/goodput.ts";

const all = () => true;
const window = { fromMs: 100, toMs: 200 };

t.test("useful is the slots' time in the window that went into answers in time", (t) => {
	const rows: [work: Work[], useful: number, why: string][] = [
		[[["a", 110, 150]], 40, "all of it"],
		[[["a", 80, 120]], 20, "the part that is in it"],
		[[["a", 190, 230]], 10, "begun at its end"],
		[[["a", 50, 300]], 100, "no more than there is"],
		[[["a", 0, 100]], 0, "over when it begins"],
		[
			[
				["a", 110, 150],
				["b", 110, 150],
			],
			80,
			"two slots",
		],
		[
			[
				["a", 110, 150],
				["a", 150, 190],
			],
			40,
			"work that was done twice counts once",
		],
	];
	for (const [work, useful, why] of rows) t.equal(usefulMs(work, all, window), useful, why);
	t.equal(
		usefulMs(
			[
				["a", 110, 150],
				["late", 110, 150],
			],
			(eventId) => eventId !== "late",
			window,
		),
		40,
	);
	t.end();
});

/** One every 10 ms from 1,000 on: `+` was answered as it should be. */
const dues = (text: string) =>
	[...text].map((sign, n) => ({ dueMs: 1_000 + 10 * n, good: sign === "+" }));

t.test("it has recovered from where on 99 % are good", (t) => {
	const hundred = "+".repeat(100);
	const rows: [text: string, afterMs: number | null, why: string][] = [
		["+++", 0, "it never suffered"],
		["---+++", 30, "from the fourth on"],
		["-+-+++", 30, "a good one among bad ones is none yet"],
		["+++-", null, "the last one is bad"],
		["---", null, "none is good"],
		["", null, "nothing was seen"],
		[`--${hundred}`, 20, "two in a hundred are too many"],
		[`--${hundred}-${hundred}`, 20, "one in two hundred is not"],
	];
	for (const [text, afterMs, why] of rows)
		t.equal(recoveredAfterMs(dues(text), 1_000), afterMs, why);
	t.end();
});
