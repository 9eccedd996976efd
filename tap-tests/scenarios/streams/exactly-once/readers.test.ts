import t from "tap";
import { anomaliesOf } from "../../../../scenarios/streams/exactly-once/oracle/anomalies.ts";
import { placeText, type Read } from "../../../../scenarios/streams/exactly-once/oracle/history.ts";
import { committedOf } from "../../../../scenarios/streams/exactly-once/readers.ts";
import { rightHistory } from "./histories.ts";

t.test("of what a reader saw that counts which lies at a place that is committed", (t) => {
	const right = rightHistory();
	const places = new Set(right.result.reads.map(({ place }) => placeText(place)));
	const aborted: Read = {
		...right.result.reads[0]!,
		place: { partition: 0, offset: 99 },
		attempt: "aborted",
	};
	const uncommitted = { ...right.others[0]!, reads: [...right.result.reads, aborted] };
	const result = committedOf(uncommitted, places);
	t.same(result.reads, right.result.reads);
	t.equal(result.isolation, "read_committed");
	t.same(anomaliesOf({ ...right, result, others: [uncommitted] }), []);
	t.end();
});
