import t from "tap";
import { standsIn } from "../../../../scenarios/subjects/streams/spark-stands.ts";

t.test("a partition stands where its offset is, with what is noted beside it", (t) => {
	const note = (watermarkMs: number | null) =>
		JSON.stringify({ batch: 4, watermarkMs, left: { events: 9 } });
	t.same(
		standsIn([
			// As Kafka's client for Python sends it.
			{ partition: 0, offset: "9", metadata: `${note(60)}\0` },
			{ partition: 1, offset: "-1", metadata: null },
			{ partition: 2, offset: "-1", metadata: "" },
			{ partition: 3, offset: "1", metadata: note(null) },
		]),
		[
			{ partition: 0, position: 9, watermarkMs: 60, left: { events: 9 } },
			{ partition: 3, position: 1, watermarkMs: Number.NEGATIVE_INFINITY, left: { events: 9 } },
		],
		"of a partition that nothing is committed of nothing is known",
	);
	t.end();
});
