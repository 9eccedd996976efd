import t from "tap";
import {
	type MergeFacts,
	main,
	mergeFinding,
	refFinding,
} from "../../../../scenarios/subjects/gate/refs.ts";

const zero = "0".repeat(40);
const update = (ref: string, after = "b".repeat(40)) => ({ before: "a".repeat(40), after, ref });

t.test("only main and proposals are pushed to, and main stays", (t) => {
	t.equal(refFinding(update(main)), null);
	t.equal(refFinding(update("refs/heads/changes/7-a")), null);
	t.match(refFinding(update(main, zero)), { place: ["main"], rule: "deletion" });
	for (const ref of [
		"refs/heads/release",
		"refs/replace/1234",
		"refs/tags/v1",
		"refs/heads/changes/",
		"refs/heads/changes/a/b",
		"refs/heads/changes/../main",
		"refs/heads/Main",
		"HEAD",
	])
		t.match(refFinding(update(ref)), { place: [ref], rule: "ref" }, ref);
	t.end();
});

t.test("main goes on by one merge of a proposal that passed, with nothing added", (t) => {
	const good: MergeFacts = {
		parents: ["a", "b"],
		tree: "t",
		goesOn: true,
		secondIsProposed: true,
		mergedTree: "t",
	};
	t.equal(mergeFinding("a", good), null);
	const rows: [facts: Partial<MergeFacts>, rule: string][] = [
		[{ goesOn: false }, "fast-forward"],
		[{ parents: ["a"] }, "direct-commit"],
		[{ parents: [] }, "direct-commit"],
		[{ parents: ["b", "a"] }, "direct-commit"],
		[{ parents: ["a", "b", "c"] }, "direct-commit"],
		[{ secondIsProposed: false }, "unchecked"],
		[{ mergedTree: null }, "conflict"],
		[{ mergedTree: "u" }, "merged-tree"],
	];
	for (const [facts, rule] of rows)
		t.match(
			mergeFinding("a", { ...good, ...facts }),
			{ place: ["main"], rule },
			JSON.stringify(facts),
		);
	t.end();
});
