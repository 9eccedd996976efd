import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import t, { type Test } from "tap";
import { raisesPriorities, setPriorityOf, setPriorityOfAll } from "../../base/priority.ts";
import { identify } from "../../base/process.ts";

function sleeper(t: Test): ChildProcess & { pid: number } {
	const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
	t.teardown(() => child.kill("SIGKILL"));
	return child as ChildProcess & { pid: number };
}

/** Of its session, where the system has such; else its own. */
function niceOf({ pid }: { pid: number }): number {
	const group = `/proc/${pid}/autogroup`;
	const found = existsSync(group) ? /nice (-?\d+)$/m.exec(readFileSync(group, "utf8")) : null;
	return found === null ? getPriority(pid) : Number(found[1]);
}

t.test("a target gives way to the load, and both come first where that is allowed", async (t) => {
	const own = getPriority();
	const load = sleeper(t);
	const target = sleeper(t);
	setPriorityOf(load.pid, "load", true);
	setPriorityOf(target.pid, "target", true);
	t.equal(niceOf(target) - niceOf(load), 5);
	t.equal(getPriority(target.pid), niceOf(target), "its own is that of its session");
	t.equal(niceOf(load), raisesPriorities() ? -10 : 0);
	t.equal(getPriority(), own, "their parent has its own");
});

t.test("what was raised is taken back when nothing is measured any more", async (t) => {
	const target = sleeper(t);
	const roots = [identify(target.pid)!];
	setPriorityOf(target.pid, "target", false);
	const before = niceOf(target);
	await setPriorityOfAll(roots, "target", true);
	t.equal(niceOf(target), raisesPriorities() ? -5 : 5);
	await setPriorityOfAll(roots, "target", false);
	t.equal(niceOf(target), before);
	t.equal(before, raisesPriorities() ? 0 : 5);
});

t.test("one that has ended is none, and nothing is thrown", async (t) => {
	const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
	const identity = identify(child.pid!)!;
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGKILL");
	await ended;
	setPriorityOf(child.pid!, "target", true);
	await t.resolves(setPriorityOfAll([identity], "target", true));
});
