import fc from "fast-check";
import t from "tap";
import { kindOf, LiveRecords } from "../../../../scenarios/subjects/streams/live-records.ts";

t.test("the last record of each key counts, by its kind, whatever came before it", (t) => {
	const change = fc.record({
		key: fc.constantFrom("pane/1/a", "pane/2/a", "ids/1/b", "progress"),
		value: fc.option(fc.string({ maxLength: 8 }), { nil: null }),
	});
	fc.assert(
		fc.property(fc.array(change), (changes) => {
			const live = new LiveRecords();
			for (const one of changes) live.apply(one);
			const last = new Map(changes.map(({ key, value }) => [key, value]));
			const there = [...last].flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
			const bytesOf = (kind: string) =>
				there
					.filter(({ key }) => kindOf(key) === kind)
					.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
			const kinds = ["pane", "ids", "progress"];
			return (
				live.count === there.length && kinds.every((kind) => live.bytesOf(kind) === bytesOf(kind))
			);
		}),
	);
	t.end();
});

t.test("a key without a slash is a kind of its own", (t) => {
	t.same(["pane/1/a/b", "progress", ""].map(kindOf), ["pane", "progress", ""]);
	t.end();
});
