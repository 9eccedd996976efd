import t from "tap";
import { Changes } from "../../../../scenarios/contracts/mesh-contracts/changes/changes.ts";
import { radiiOf } from "../../../../scenarios/contracts/mesh-contracts/radius.ts";
import type { Said } from "../../../../scenarios/subjects/gate/said.ts";

const changes = new Changes(5);
/** The first change of a publisher's that breaks a consumer. */
const n = Array.from({ length: 60 }, (_, n) => n).find((n) => {
	const { truth, proposals } = changes.at(n);
	return (
		truth.kind === "violating" &&
		truth.place[0] === "finance" &&
		proposals[0].repository === "sales"
	);
})!;

function said(notes: string[], consumers: string[], verdict: Said["verdict"] = "blocked"): Said {
	return {
		repository: "sales",
		updates: [{ ref: `refs/heads/changes/${n}`, before: "0", after: "1" }],
		verdict,
		findings: consumers.map((query) => ({ place: query.split("."), rule: "x", why: "y" })),
		notes,
		tookMs: 1,
	};
}

t.test("what the gate says of a proposal is held against what the seed has, name by name", (t) => {
	const [none] = radiiOf(changes, n + 1, [said([], [])]);
	t.match(none, { n, reached: { wrong: [/said none/] }, broken: { wrong: [/said none/] } });
	const namesIn = (text: string) => text.split("and it is ")[1]!.split(", ");
	const [reached, broken] = [namesIn(none!.reached.wrong[0]!), namesIn(none!.broken.wrong[0]!)];
	const notes = reached.map((query) => `reach ${query}`);
	const [right] = radiiOf(changes, n + 1, [said(notes, [...broken, ...broken])]);
	t.match(right, { reached: { wrong: [], queries: reached.length }, broken: { wrong: [] } });
	const [more] = radiiOf(changes, n + 1, [said([...notes, "reach marketing.other"], broken)]);
	t.match(more, { reached: { wrong: [/marketing\.other/] }, broken: { wrong: [] } });
	t.end();
});

t.test("the last answer counts, and what had none or is of no publisher is left out", (t) => {
	t.same(radiiOf(changes, n + 1, [said([], [], "none")]), []);
	const answers = [said(["reach a.b"], []), said([], [], "none")];
	t.equal(radiiOf(changes, n + 1, answers).length, 1);
	t.same(radiiOf(changes, n + 1, [{ ...said([], []), repository: "finance" }]), []);
	t.end();
});
