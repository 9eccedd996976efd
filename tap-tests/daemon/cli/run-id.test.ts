import t from "tap";
import { runIdOf } from "../../../daemon/cli/run-id.ts";
import type { RunBrief } from "../../../daemon/record/brief.ts";

const storeOf = (ids: string[]) => ({
	has: (id: string) => ids.includes(id),
	list: () => ids.map((runId) => ({ runId }) as RunBrief),
});
const ids = [
	"20260103T000000Z-echo-0003",
	"20260102T000000Z-echo-ab02",
	"20260102T000000Z-echo-0001",
];

t.test("a run is meant by its id, by the begin or the end of it, or as the last", (t) => {
	const store = storeOf(ids);
	t.equal(runIdOf(store, ids[1]!), ids[1]);
	t.equal(runIdOf(store, "20260103"), ids[0]);
	t.equal(runIdOf(store, "ab02"), ids[1]);
	t.equal(runIdOf(store, "last"), ids[0]);
	t.end();
});

t.test("what may be several, or is none, is told", (t) => {
	t.throws(() => runIdOf(storeOf(ids), "20260102"), {
		code: "FLT_USAGE",
		message: `"20260102" may be ${ids[1]}, ${ids[2]}`,
	});
	t.throws(() => runIdOf(storeOf(ids), "beef"), {
		code: "FLT_NOT_FOUND",
		message: 'no run "beef"',
	});
	t.throws(() => runIdOf(storeOf([]), "last"), { message: "nothing has run in this home" });
	const many = Array.from({ length: 8 }, (_, n) => `2026-${n}`);
	t.throws(() => runIdOf(storeOf(many), "2026"), { message: /2026-4 and 3 more$/ });
	t.end();
});
