import t from "tap";
import { wantedBy, wantsIn } from "../../../scenarios/contract/needs.ts";

t.test(
	"a value of a parameter wants its services and tools, in any case of a sweep, each once",
	(t) => {
		const needsFor = wantsIn({
			engine: { flink: [{ tool: "flink" }, { tool: "dbt" }], debezium: ["kafka", "connect"] },
			store: { s3: ["s3", "kafka"] },
		});
		const wanted = (...cases: { engine: string; store: string }[]) =>
			wantedBy({ needs: ["postgres"], tools: ["dbt"], needsFor }, cases);
		t.same(wanted({ engine: "node", store: "files" }), { services: ["postgres"], tools: ["dbt"] });
		t.same(wanted({ engine: "debezium", store: "s3" }), {
			services: ["postgres", "kafka", "connect", "s3"],
			tools: ["dbt"],
		});
		t.same(
			wanted({ engine: "flink", store: "files" }, { engine: "node", store: "s3" }),
			{ services: ["postgres", "s3", "kafka"], tools: ["dbt", "flink"] },
			"of all cases",
		);
		t.end();
	},
);
