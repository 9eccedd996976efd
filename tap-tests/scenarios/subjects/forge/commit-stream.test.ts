import t from "tap";
import { commitStream } from "../../../../scenarios/subjects/forge/commit-stream.ts";

t.test("a commit is written as git imports it, bytes counted", (t) => {
	const text = commitStream({
		ref: "refs/heads/x",
		parents: ["aa", ":1"],
		text: "é",
		files: [
			{ path: "a", mode: "100644", text: "ü\n" },
			{ path: "b", mode: "gone" },
			{ path: "c", mode: "120000", text: "a" },
			{ path: "d", mode: "160000", oid: "11" },
		],
	});
	t.match(
		text,
		"data 2\né\nfrom aa\nmerge :1\nM 100644 inline a\ndata 3\nü\n\nD b\nM 120000 inline c\ndata 1\na\nM 160000 11 d\n",
	);
	t.end();
});
