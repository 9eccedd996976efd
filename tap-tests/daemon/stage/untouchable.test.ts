import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import t, { type Test } from "tap";
import { ancestorsOf, userOf } from "../../../base/proc.ts";
import { identify, identifySelf, killTree, treeOf } from "../../../base/process.ts";
import { untouchable } from "../../../daemon/stage/untouchable.ts";
import { untapped } from "../../untapped.ts";

async function started(t: Test, script: string, env: object = {}, options: object = {}) {
	const clean = { ...process.env, ...env };
	const child = spawn(...untapped("sh", "-c", script), { stdio: "ignore", env: clean, ...options });
	await once(child, "spawn");
	const identity = identify(child.pid!)!;
	t.teardown(() => killTree(identity, { graceMs: 0 }));
	return identity;
}

/** While a program takes the place of another its environment is read as empty, or as that of the one before. */
const sleeps = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("sleep");

t.test("somebody's own process may be broken, with all that it has started", async (t) => {
	const process = await started(t, "sleep 60 & sleep 61");
	t.equal(await untouchable(process, []), null);
});

t.test("this daemon, what has started it, and the first process are left alone", async (t) => {
	t.equal(await untouchable(identify(1)!, []), "it is the first process of the machine");
	const above = [identifySelf().pid, ...ancestorsOf(process.pid).filter((pid) => pid !== 1)];
	t.ok(above.length > 1);
	for (const pid of above)
		t.equal(await untouchable(identify(pid)!, []), "it is this daemon, or what has started it");
	t.equal(ancestorsOf(process.pid).at(-1), 1);
});

t.test(
	"what carries the mark of a testbed goes by its own name, and so does its parent",
	async (t) => {
		const marked = await started(t, "exec sleep 60", { FAULTLINE_INSTANCE: "f00d" });
		while (!sleeps(marked.pid));
		t.match(await untouchable(marked, []), /^it is part of a testbed/);
		const parent = await started(t, "FAULTLINE_INSTANCE=f00d sleep 60 & wait");
		while (!(await treeOf(parent)).some(({ pid }) => pid !== parent.pid && sleeps(pid)));
		t.match(
			await untouchable(parent, []),
			/^process \d+, which it has started, is part of a testbed/,
		);
		const known = await started(t, "exec sleep 60");
		t.match(await untouchable(known, [known]), /^it is part of a testbed/);
	},
);

t.test(
	"what belongs to another user is left alone, also where it was only started by one of ours",
	{ skip: process.getuid?.() !== 0 && "it takes root to start a process as another user" },
	async (t) => {
		const other = await started(t, "exec sleep 60", {}, { uid: 65_534 });
		while (userOf(other.pid) !== 65_534);
		t.equal(await untouchable(other, []), "it belongs to another user, 65534");
		t.equal(userOf(process.pid), 0);
		t.equal(userOf(2 ** 22), null);
	},
);
