import fc from "fast-check";
import t from "tap";
import { JournalLines } from "../../load/journal-lines.ts";
import { anyCharacter } from "../any-character.ts";

t.test("a line is what JSON makes of it, whatever the receipt and however long it is", (t) => {
	const lines = new JournalLines();
	const whole = fc.oneof(fc.nat(2_000), fc.maxSafeNat());
	const time = fc.double({ min: -1, max: 1e9, noNaN: true });
	const receipt = fc.option(
		fc.oneof(
			fc.string({ maxLength: 40 }),
			fc.string({ unit: anyCharacter, maxLength: 40 }),
			fc.constantFrom('a "quoted" \\ one\n', "\ud800", "é".repeat(100_000)),
		),
		{ nil: undefined },
	);
	const line = fc.tuple(whole, fc.constantFrom("ok", "fail", "unknown"), receipt, time, time, time);
	fc.assert(
		fc.property(fc.array(line, { maxLength: 30 }), (all) => {
			for (const one of all) lines.add(...one);
			const wanted = all.map(([n, kind, receipt, ...times]) => {
				const rounded = times.map((ms) => Math.round(ms) + 0); // no -0
				return `${JSON.stringify([n, kind, receipt ?? null, ...rounded])}\n`;
			});
			return lines.take().toString() === wanted.join("") && lines.isEmpty;
		}),
		{ numRuns: 300 },
	);
	t.end();
});

t.test("what was taken is out, and the next lines begin anew", (t) => {
	const lines = new JournalLines();
	t.ok(lines.isEmpty);
	lines.add(1, "ok", "r", 0.4, 0.6, 1.5);
	t.notOk(lines.isEmpty);
	t.equal(lines.take().toString(), '[1,"ok","r",0,1,2]\n');
	t.ok(lines.isEmpty);
	lines.add(2, "fail", undefined, 5, 5, 5);
	t.equal(lines.take().toString(), '[2,"fail",null,5,5,5]\n');
	t.equal(lines.take().length, 0);
	t.end();
});
