import { createServer } from "node:http";
import t from "tap";
import { stream } from "../../../../base/random.ts";
import {
	Changes,
	changeOf,
	type Planned,
} from "../../../../scenarios/contracts/contract-gate/changes/changes.ts";
import { violatingRepository } from "../../../../scenarios/contracts/contract-gate/changes/violating-repository.ts";
import { Developer } from "../../../../scenarios/contracts/contract-gate/developer.ts";
import { firstShop } from "../../../../scenarios/contracts/contract-gate/shop/shop.ts";
import { wordsMissing } from "../../../../scenarios/kit/confusion.ts";
import { git, sealedEnv } from "../../../../scenarios/subjects/forge/git.ts";
import { NoVerdict } from "../../../../scenarios/subjects/gate/scratch.ts";
import { listening, saying } from "../../subjects/gate/in-git.ts";
import { gateFinding, inGit } from "./in-git.ts";

const never = new AbortController().signal;
const seed = 3;
const harmlessChange = () => changeOf("readme-changed", stream(1, "t"), firstShop(seed), 0)!;

t.test("a gate that is away, broken, silent or says something else lets in nothing", async (t) => {
	const gone = await listening(t, createServer());
	const cases: [url: string, says: RegExp][] = [
		["http://127.0.0.1:1", /no verdict: the gate is not there/],
		[
			await listening(
				t,
				createServer(() => {}),
			),
			/no verdict: the gate did not answer/,
		],
		[await listening(t, saying(500, "oops")), /no verdict: the gate answered HTTP\/1.1 500/],
		[await listening(t, saying(200, "")), /no verdict: the gate broke off its answer/],
		[await listening(t, saying(200, "passed? not yet\n")), /no verdict/],
		[
			await listening(t, saying(200, "none\nPostgres is away\n")),
			/no verdict: Postgres is away; push again/,
		],
		[
			await listening(
				t,
				createServer((request) => request.socket.destroy()),
			),
			/no verdict/,
		],
	];
	const { clone, repository } = await inGit(t, seed, gone, 1);
	const before = await git(["rev-parse", "main"], { folder: repository });
	for (const [at, [url, says]] of cases.entries()) {
		const run = clone(`clone-${at}`, url);
		const asked: string[] = [];
		// Whoever is told this asks again and again: once is enough here.
		const patience = new AbortController();
		const developer = new Developer(async (args, stdin) => {
			const end = await run(args, stdin);
			if (args[0] === "push") {
				asked.push(end.output);
				patience.abort();
			}
			return end;
		}, 1);
		await t.rejects(developer.bring(harmlessChange(), patience.signal));
		t.match(asked[0], says, url);
	}
	t.same(await git(["rev-parse", "main"], { folder: repository }), before);
	t.equal(String(await git(["for-each-ref", "refs/heads/changes"], { folder: repository })), "");
});

t.test(
	"every way around the gate is blocked, with place and rule, and main stays where it is",
	async (t) => {
		const { clone, repository } = await inGit(t, seed, await gateFinding(t));
		const main = async () => String(await git(["rev-parse", "main"], { folder: repository }));
		const before = await main();
		const developer = new Developer(clone("clone"), 1);
		const kinds = Object.keys(violatingRepository);
		// What these do is seen by the database alone.
		const inSql = ["migration-fails", "migration-commits", "migration-runs-programs"];
		for (const [n, kind] of kinds.entries()) {
			if (inSql.includes(kind)) continue;
			const change = changeOf(kind, stream(n, "t"), firstShop(seed), n)!;
			const { verdict } = await developer.bring(change, never);
			t.equal(verdict.kind, "blocked", kind);
			const trial = { name: kind, change: kind, truth: change.truth, verdict, smallest: null };
			t.same(wordsMissing(trial), [], `${kind}: ${JSON.stringify(verdict)}`);
			t.equal(await main(), before, kind);
		}
	},
);

t.test(
	"what passes is merged, and what the scratch database finds is said to who pushed",
	async (t) => {
		const findings = [{ place: ["orders", "note"], rule: "presence", why: "it is gone" }];
		let isFine = true;
		const url = await gateFinding(t, async () => (isFine ? [] : findings));
		const { clone, repository } = await inGit(t, seed, url);
		const developer = new Developer(clone("clone"), 1);
		const changes = new Changes(seed);
		const passing = nthOf(
			changes,
			({ truth, way }) => truth.kind === "harmless" && way.kind === "proposed",
		);
		t.match(await developer.bring(passing, never), { verdict: { kind: "passed" } });
		const log = String(await git(["log", "--format=%s", "-1", "main"], { folder: repository }));
		t.match(log, "Merge");
		isFine = false;
		const { verdict } = await developer.bring(
			nthOf(changes, ({ n }) => n > passing.n),
			never,
		);
		t.match(verdict, { kind: "blocked", message: "orders.note (presence): it is gone" });
	},
);

t.test("a database that breaks off is no verdict, and the next push is judged", async (t) => {
	let tries = 0;
	const url = await gateFinding(t, async () => {
		if (++tries < 3) throw new NoVerdict("the scratch database: it was restarted");
		return [];
	});
	const { clone } = await inGit(t, seed, url);
	const { verdict, interrupted } = await new Developer(clone("clone"), 1).bring(
		harmlessChange(),
		never,
	);
	t.equal(verdict.kind, "passed");
	t.match(interrupted, [/it was restarted/, /it was restarted/]);
});

t.test(
	"of two merges that are pushed at once one is main, and the other is judged with it",
	async (t) => {
		const seen: string[][] = [];
		const url = await gateFinding(t, async ({ before, steps }) => {
			seen.push([...before, ...steps].map(({ name }) => name));
			const names = seen.at(-1)!.filter((name) => name.startsWith("00") && name > "0003");
			return names.length < 2
				? []
				: [{ place: ["both"], rule: "applies", why: "together they break" }];
		});
		const { clone, repository } = await inGit(t, seed, url);
		const first = changeOf("column-added", stream(1, "a"), firstShop(seed), 0)!;
		const second = changeOf("column-added", stream(2, "b"), firstShop(seed), 1)!;
		const ends = await Promise.all(
			[first, second].map((change, n) =>
				new Developer(clone(`clone-${n}`), 1).bring(change, never),
			),
		);
		const kinds = ends.map(({ verdict }) => verdict.kind).sort();
		t.same(kinds, ["blocked", "passed"]);
		const blocked = ends.find(({ verdict }) => verdict.kind === "blocked")!.verdict;
		t.match(blocked, { message: /together they break|0010_column_added \(order\)/ });
		const merges = String(
			await git(["rev-list", "--count", "--merges", "main"], { folder: repository }),
		);
		t.equal(merges.trim(), "1");
	},
);

t.test("git is given nothing of the user's", (t) => {
	t.match(sealedEnv, {
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_CONFIG_GLOBAL: "/dev/null",
		GIT_TERMINAL_PROMPT: "0",
	});
	t.same(
		Object.keys(sealedEnv).filter(
			(name) =>
				process.env[name] !== undefined && name !== "PATH" && sealedEnv[name] === process.env[name],
		),
		[],
	);
	t.end();
});

function nthOf(changes: Changes, wanted: (change: Planned) => boolean): Planned {
	for (let n = 0; ; n++) if (wanted(changes.at(n))) return changes.at(n);
}
