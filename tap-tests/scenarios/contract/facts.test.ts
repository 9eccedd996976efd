import t from "tap";
import { summarize } from "../../../load/summary.ts";
import { type Facts, loadFacts } from "../../../scenarios/contract/facts.ts";

t.test(
	"the facts of a load are found by name and phase; one that is not there is an error",
	(t) => {
		const summary = summarize([], { fromMs: 0, toMs: 1 });
		const loads = (["steady", "all"] as const).map((phase) => ({
			name: "orders",
			phase,
			summary,
			counters: {},
		}));
		const facts = { loads } as unknown as Facts;
		t.equal(loadFacts(facts, "orders", "steady"), loads[0]);
		t.equal(loadFacts(facts, "orders", "all"), loads[1]);
		t.throws(() => loadFacts(facts, "payments", "all"), /no load "payments" in phase "all"/);
		t.throws(() => loadFacts(facts, "orders", "warming"), /no load "orders" in phase "warming"/);
		t.end();
	},
);
