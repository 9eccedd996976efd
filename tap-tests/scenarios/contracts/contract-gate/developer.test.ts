import t from "tap";
import {
	Changes,
	type Planned,
} from "../../../../scenarios/contracts/contract-gate/changes/changes.ts";
import { Developer } from "../../../../scenarios/contracts/contract-gate/developer.ts";
import { pushedOf } from "../../../../scenarios/contracts/contract-gate/pushed.ts";
import { commitStream } from "../../../../scenarios/contracts/contract-gate/shop/commit-stream.ts";
import { bringChange } from "../../../../scenarios/contracts/contract-gate/trial.ts";

t.test("a push is what git says of it, and silence is no verdict", (t) => {
	const rows: [code: number, output: string, kind: string, message?: string][] = [
		[0, "Done", "taken"],
		[
			1,
			"remote: contract-gate: blocked: a (b): c  \nremote: contract-gate: blocked: d",
			"blocked",
			"a (b): c; d",
		],
		[
			1,
			"remote: contract-gate: no verdict: the gate is not there; push again",
			"none",
			"the gate is not there; push again",
		],
		[1, "!\tx:y\t[rejected] (non-fast-forward)", "moved"],
		[1, "!\tx:y\t[remote rejected] (failed to update ref)", "moved"],
		[1, "! [remote rejected] main (deletion of the current branch prohibited)", "blocked"],
		[1, "! [remote rejected] a -> b (pre-receive hook declined)", "none"],
		[128, "fatal: unable to connect to 127.0.0.1", "none", "fatal: unable to connect to 127.0.0.1"],
		[-1, "", "none", "git ended with -1"],
	];
	for (const [code, output, kind, message] of rows) {
		const pushed = pushedOf(code, output);
		t.equal(pushed.kind, kind, output);
		if (message !== undefined) t.match(pushed, { message });
	}
	t.end();
});

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

/** A git whose pushes end as they are told to, by the ref that is pushed to. */
function gitOf(pushes: Record<string, string[]>) {
	const pushed: string[] = [];
	let ids = 0;
	/** Object id → the name by which tests know it. */
	const names = new Map<string, string>();
	const oidOf = (name: string) => {
		const oid = names.size.toString(16).padStart(40, "0");
		names.set(oid, name);
		return oid;
	};
	const run = async (args: readonly string[]) => {
		const done = (output = "") => ({ code: 0, output });
		switch (args[0]) {
			case "rev-parse":
				return done("main0");
			case "fast-import":
				return done(`${oidOf(`tip${++ids}`)}\n${oidOf(`merge${ids}`)}`);
			case "merge-tree":
				return done("tree");
			case "commit-tree":
				return done(`again${++ids}`);
			case "push": {
				const [oid = "", ref = ""] = args.at(-1)!.split(":");
				pushed.push(`${names.get(oid) ?? oid} ${ref.replace("refs/heads/", "")}`);
				const output = (ref.endsWith("main") ? pushes.main : pushes.changes)?.shift();
				return output === undefined ? done() : { code: 1, output };
			}
			default:
				return done();
		}
	};
	return { run, pushed };
}

function changeWith(wanted: (change: Planned) => boolean): Planned {
	const changes = new Changes(2);
	for (let n = 0; ; n++) if (wanted(changes.at(n))) return changes.at(n);
}

const harmless = changeWith(
	({ truth, way }) => truth.kind === "harmless" && way.kind === "proposed",
);
const violating = changeWith(
	({ truth, way }) => truth.kind === "violating" && way.kind === "proposed",
);
const pair = changeWith(({ truth, way }) => truth.kind === "harmless" && way.kind === "pair");
const never = new AbortController().signal;
const moved = "! [rejected] (non-fast-forward)";

t.test("a change is proposed, and merged where it passes", async (t) => {
	const { run, pushed } = gitOf({});
	const tried = await new Developer(run, 1).bring(harmless, never);
	t.match(tried, { verdict: { kind: "passed" }, interrupted: [] });
	t.same(pushed, [`tip1 changes/${harmless.n}`, "merge1 main"]);
});

t.test(
	"one that is blocked is not merged, and one that had no verdict is pushed again",
	async (t) => {
		const none = "contract-gate: no verdict: away";
		const { run, pushed } = gitOf({ changes: [none, none, "contract-gate: blocked: a (b): c"] });
		const tried = await new Developer(run, 1).bring(harmless, never);
		t.match(tried, {
			verdict: { kind: "blocked", message: "a (b): c" },
			interrupted: ["away", "away"],
		});
		t.equal(pushed.length, 3);
		t.notOk(pushed.some((push) => push.endsWith("main")));
	},
);

t.test("where main has moved the merge is made anew, and pushed again", async (t) => {
	const { run, pushed } = gitOf({ main: [moved] });
	t.match(await new Developer(run, 1).bring(harmless, never), { verdict: { kind: "passed" } });
	t.same(pushed.slice(1), ["merge1 main", "again2 main"]);
	const always = gitOf({ main: Array(20).fill(moved) });
	const tried = await new Developer(always.run, 1).bring(harmless, never);
	t.match(tried.verdict, { kind: "blocked", message: /main moved 6 times/ });
});

t.test("of a pair both are proposed before either is merged", async (t) => {
	const { run, pushed } = gitOf({ main: ["", moved].slice(2) });
	await new Developer(run, 1).bring(pair, never);
	t.same(pushed, [
		`tip1 changes/${pair.n}-0`,
		`tip2 changes/${pair.n}-1`,
		"merge1 main",
		"merge2 main",
	]);
	const alone = gitOf({ changes: ["contract-gate: blocked: it"] });
	const tried = await new Developer(alone.run, 1).bring(pair, never);
	t.match(tried.verdict, { kind: "blocked", message: "alone: it" });
	t.equal(alone.pushed.length, 2, "and neither is merged then");
});

t.test("what slipped through is made smaller, and what did not is left", async (t) => {
	const developer = (isTaken: boolean) => ({
		bring: async () => ({ verdict: { kind: "passed" as const, timeMs: 1 }, interrupted: [] }),
		isTaken: async () => isTaken,
	});
	t.type((await bringChange(violating, developer(true), 5, never)).smallest, "string");
	t.equal((await bringChange(harmless, developer(true), 5, never)).smallest, null);
	t.equal((await bringChange(violating, developer(true), 0, never)).smallest, null);
});

t.test("a change that nobody waits for any more is unknown", async (t) => {
	const { run } = gitOf({ changes: Array(1_000).fill("contract-gate: no verdict: away") });
	const limit = AbortSignal.timeout(30);
	await t.rejects(bringChange(harmless, new Developer(run, 1), 5, limit), { message: /deadline/ });
});
