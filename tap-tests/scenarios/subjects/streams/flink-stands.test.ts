import { join } from "node:path";
import t from "tap";
import { readStands } from "../../../../scenarios/subjects/streams/flink-stands.ts";

const line = (partition: number, position: number, watermarkMs: number | null) =>
	JSON.stringify({ partition, position, watermarkMs, left: { events: position } });

t.test("the last that was told of each partition counts, and no line that was torn", (t) => {
	const folder = t.testdir({
		"stands.ndjson": `${line(0, 0, null)}\n${line(1, 7, 50)}\n${line(0, 9, 60)}\n${line(1, 8, 70).slice(0, 20)}`,
		"torn.ndjson": line(0, 1, null).slice(0, 5),
	});
	t.same(readStands(join(folder, "stands.ndjson")), [
		{ partition: 0, position: 9, watermarkMs: 60, left: { events: 9 } },
		{ partition: 1, position: 7, watermarkMs: 50, left: { events: 7 } },
	]);
	t.same(readStands(join(folder, "torn.ndjson")), []);
	t.same(
		readStands(join(folder, "none.ndjson")),
		[],
		"nothing is told before the first checkpoint",
	);
	t.end();
});

t.test("a partition without any event has no time yet", (t) => {
	const folder = t.testdir({ "stands.ndjson": `${line(3, 0, null)}\n` });
	const [stand] = readStands(join(folder, "stands.ndjson"));
	t.equal(stand?.watermarkMs, Number.NEGATIVE_INFINITY);
	t.end();
});
