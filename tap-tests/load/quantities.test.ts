import t from "tap";
import { durationMs, numberIn, someDurationMs } from "../../load/quantities.ts";

t.test("a number is written in decimals, and within its bounds", async (t) => {
	const bounds = { min: 0.001, max: 1e6 };
	const rows: [text: string, value: number][] = [
		["1", 1],
		["0.5", 0.5],
		["1e3", 1000],
		[" 7 ", 7],
	];
	for (const [text, value] of rows) t.equal(numberIn(text, "--rate", bounds), value);
	for (const text of ["0x10", "0", "-5", "1e9", "NaN", "Infinity", "", " ", "1,000", "10/s", "1_0"])
		t.throws(() => numberIn(text, "--rate", bounds), { code: "FLT_USAGE", message: /--rate is/ });
	t.throws(() => numberIn("1.5", "--n", { min: 1, max: 9, whole: true }), { message: /"1\.5"/ });
});

t.test("a time has a unit, and a length where it needs one", async (t) => {
	t.equal(durationMs("0s", "--warmup"), 0);
	t.equal(someDurationMs("1.5s", "--deadline"), 1500);
	for (const text of ["0s", "0ms", "0", "5", "-5s", "1e9s", "NaN", "5 parsecs", ""])
		t.throws(() => someDurationMs(text, "--deadline"), {
			code: "FLT_USAGE",
			message: /--deadline is/,
		});
});
