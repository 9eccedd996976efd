import t from "tap";
import {
	Changes,
	type Planned,
} from "../../../../scenarios/contracts/contract-gate/changes/changes.ts";
import { Developer } from "../../../../scenarios/contracts/contract-gate/developer.ts";
import { bringChange } from "../../../../scenarios/contracts/contract-gate/trial.ts";

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
