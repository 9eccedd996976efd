import { type ChildProcess, spawn } from "node:child_process";
import fs, { mkdirSync, readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import t, { type Test } from "tap";
import { pause } from "../../base/clock.ts";
import {
	findMarked,
	freezeTree,
	identify,
	identifySelf,
	isAlive,
	isHeld,
	killTree,
	type ProcessIdentity,
	sameProcess,
	signalProcess,
	stateOf,
	thawTree,
	treeOf,
} from "../../base/process.ts";
import { lastingFolder } from "../lasting-folder.ts";

/** The tree once it has so many members. */
const treeOfSize = (size: number, root: ProcessIdentity) =>
	until(async () => {
		const tree = await treeOf(root);
		return tree.length === size && tree;
	});

/** Two shells below each other and a sleeper at the end: three generations. */
const threeGenerations = 'sh -c "sleep 60 & wait" & wait';

function shell(t: Test, script: string, options: { cwd?: string; env?: object } = {}) {
	const child: ChildProcess = spawn("/bin/sh", ["-c", script], {
		stdio: ["ignore", "pipe", "ignore"],
		detached: true,
		...options,
	} as Parameters<typeof spawn>[2]);
	const root = identify(child.pid!)!;
	t.teardown(() => killTree(root, { graceMs: 0 }));
	return { child, root };
}

type Look<T> = T | null | undefined | false;

async function until<T>(look: () => Look<T> | Promise<Look<T>>): Promise<T> {
	for (;;) {
		const seen = await look();
		if (seen) return seen;
		await pause(5);
	}
}

const reused = (process: ProcessIdentity) => ({ ...process, startTime: process.startTime + 1 });

t.test("this process is alive, and known by pid, start time and boot", async (t) => {
	const ourselves = identifySelf();
	t.equal(ourselves.pid, process.pid);
	t.ok(sameProcess(ourselves, identify(process.pid)!));
	t.ok(isAlive(ourselves));
});

t.test("another process with the same pid, or of another boot, is not the one", async (t) => {
	t.notOk(isAlive(reused(identifySelf())));
	t.notOk(isAlive({ ...identifySelf(), bootId: "another boot" }));
	t.equal(identify(2 ** 22 + 1), null, "there is no such pid");
});

t.test("a process whose identity does not match is never signalled", async (t) => {
	const { root } = shell(t, "exec sleep 60");
	const stranger = reused(root);
	t.notOk(signalProcess(stranger, "SIGKILL"));
	await killTree(stranger, { graceMs: 50 });
	t.same(await freezeTree(stranger), []);
	t.ok(isAlive(root));
	t.not(stateOf(root), "T");
});

t.test("a zombie is not alive", async (t) => {
	// The shell replaces itself by a program that never asks for its ended child.
	const { root } = shell(t, "sleep 0 & exec sleep 60");
	const children = `/proc/${root.pid}/task/${root.pid}/children`;
	const zombie = await until(() => {
		const pid = Number(readFileSync(children, "utf8").trim());
		return pid > 0 && readFileSync(`/proc/${pid}/stat`, "utf8").includes(" Z ") && pid;
	});
	t.equal(identify(zombie), null);
	t.same(await treeOf(root), [root]);
});

t.test("a tree is listed with all generations, parents first", async (t) => {
	const { root } = shell(t, threeGenerations);
	const tree = await treeOfSize(3, root);
	t.ok(sameProcess(tree[0]!, root));
	const parentOf = (pid: number) => Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[3]);
	t.equal(parentOf(tree[1]!.pid), root.pid);
	t.equal(parentOf(tree[2]!.pid), tree[1]!.pid);
});

t.test("the machine is looked at once for a tree, whatever its size, and in turns", async (t) => {
	const sleepers = Array.from({ length: 40 }, () => "sleep 60 &").join(" ");
	const { root } = shell(t, `${sleepers} wait`);
	const members = await treeOfSize(41, root);
	let [looks, turns] = [0, 0];
	const { readdirSync } = fs;
	fs.readdirSync = ((...args: Parameters<typeof readdirSync>) => {
		looks += 1;
		return readdirSync(...args);
	}) as typeof readdirSync;
	syncBuiltinESMExports();
	t.teardown(() => {
		fs.readdirSync = readdirSync;
		syncBuiltinESMExports();
	});
	let over = false;
	const count = () => {
		turns += 1;
		if (!over) setImmediate(count);
	};
	setImmediate(count);
	t.equal((await treeOf(...members)).length, 41);
	over = true;
	t.equal(looks, 1);
	t.ok(turns > 0, "others had their turn before all was seen");
});

t.test("a frozen tree is stopped as a whole and runs again after the thaw", async (t) => {
	const { root } = shell(t, threeGenerations);
	await treeOfSize(3, root);
	const frozen = await freezeTree(root);
	t.equal(frozen.length, 3);
	t.same(frozen.map(stateOf), ["T", "T", "T"]);
	await thawTree(root);
	t.notMatch(frozen.map(stateOf), ["T"]);
	t.ok(frozen.every(isAlive));
});

t.test("a tree that keeps starting children is caught as well", async (t) => {
	const { root } = shell(t, "while :; do sleep 0.002; done");
	// A stop between a parent's vfork and the child's exec, as one in ten is, leaves the parent waiting in the kernel.
	for (let round = 0; round < 25; round++) {
		await freezeTree(root);
		// A child that had ended by then is a zombie of its stopped parent.
		t.ok((await treeOf(root)).filter(isAlive).every(isHeld), `round ${round}`);
		await thawTree(root);
		await until(() => !isHeld(root));
	}
	await freezeTree(root);
	await killTree(root, { graceMs: 0 });
	t.same(await treeOf(root), []);
});

t.test("a kill leaves nobody of the tree, and says so only then", async (t) => {
	const { root } = shell(t, threeGenerations);
	const tree = await treeOfSize(3, root);
	await killTree(root, { graceMs: 0 });
	t.notOk(tree.some(isAlive));
});

t.test("however late we are, nobody is given up whom nothing was sent", async (t) => {
	const { root } = shell(t, threeGenerations);
	const tree = await treeOfSize(3, root);
	// All of the time is over before the first look.
	await killTree(root, { graceMs: 0, limitMs: 0 }).catch(() => {});
	await until(() => !tree.some(isAlive));
});

t.test("with a grace the root may end by itself; what it leaves behind is killed", async (t) => {
	const { root, child } = shell(t, "trap 'echo asked; exit' TERM; echo armed; sleep 60 & wait");
	const said: string[] = [];
	child.stdout!.setEncoding("utf8").on("data", (text: string) => said.push(...text.split("\n")));
	await until(() => said.includes("armed"));
	const [, sleeper] = await treeOfSize(2, root);
	await killTree(root, { graceMs: 1_000 });
	await until(() => said.includes("asked"));
	t.notOk(isAlive(sleeper!), "the orphan");
});

t.test("a process of a home is found by its mark, and only that home's", async (t) => {
	const { root } = shell(t, "exec sleep 60", {
		env: { FAULTLINE_INSTANCE: "home-a", PATH: "/bin" },
	});
	t.ok((await findMarked("home-a")).some((found) => sameProcess(found, root)));
	t.notOk((await findMarked("home-b")).some((found) => sameProcess(found, root)));
	t.notOk(
		(await findMarked("home")).some((found) => sameProcess(found, root)),
		"a part of the id",
	);
});

t.test("without a readable environment the working directory is the mark", async (t) => {
	const folder = lastingFolder(t, { data: {}, "data-of-others": {} });
	mkdirSync(join(folder, "data", "deep"));
	// The shell itself would put PWD into it.
	const asleep = "exec env -i /bin/sleep 60";
	const wiped = shell(t, asleep, { cwd: join(folder, "data", "deep") });
	const beside = shell(t, asleep, { cwd: join(folder, "data-of-others") });
	const readable = shell(t, "exec sleep 60", {
		cwd: join(folder, "data"),
		env: { PATH: process.env.PATH },
	});
	for (const { root } of [wiped, beside])
		await until(() => readFileSync(`/proc/${root.pid}/comm`, "utf8") === "sleep\n");
	const marked = await findMarked("no such home", join(folder, "data"));
	const pids = marked.map(({ pid }) => pid);
	t.ok(pids.includes(wiped.root.pid), "below the folder, its environment unreadable");
	t.notOk(pids.includes(beside.root.pid), "a folder whose name only begins alike");
	t.notOk(pids.includes(readable.root.pid), "somebody else's process that happens to work here");
	t.notOk(pids.includes(process.pid));
});
