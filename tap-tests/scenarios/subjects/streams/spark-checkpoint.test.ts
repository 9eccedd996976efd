import t from "tap";
import { checkpointPositions } from "../../../../scenarios/subjects/streams/spark-checkpoint.ts";

/** As Spark writes it. */
const offsets = (ends: object) =>
	["v1", JSON.stringify({ batchWatermarkMs: 0 }), JSON.stringify({ "run-1-payments": ends })].join(
		"\n",
	);

t.test("a query goes on where the last batch ended that is written down as done", (t) => {
	const checkpoint = t.testdir({
		commits: { 8: "v1", 9: "v1", 10: "v1", ".10.crc": "", ".11.a4f.tmp": "v1" },
		offsets: {
			9: offsets({ 0: 90, 1: 95 }),
			10: offsets({ 0: 100, 1: 105, 12: 3 }),
			11: offsets({ 0: 110, 1: 115, 12: 9 }),
		},
	});
	t.same(
		checkpointPositions(checkpoint),
		new Map([
			[0, 100],
			[1, 105],
			[12, 3],
		]),
	);
	t.end();
});

t.test("before any batch is done nothing is known", (t) => {
	t.same(checkpointPositions(t.testdir({ offsets: { 0: offsets({ 0: 5 }) } })), new Map());
	t.same(checkpointPositions(t.testdir({ commits: { ".0.tmp": "" } })), new Map());
	t.end();
});
