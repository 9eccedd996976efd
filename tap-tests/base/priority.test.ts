import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import t from "tap";
import { giveWay } from "../../base/priority.ts";

t.test("a process that gives way has a lower priority, and so has its session", async (t) => {
	const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
	t.teardown(() => child.kill("SIGKILL"));
	const own = getPriority();
	giveWay(child.pid!);
	t.equal(getPriority(child.pid!), 5);
	const group = `/proc/${child.pid}/autogroup`;
	if (existsSync(group)) t.match(readFileSync(group, "utf8"), /nice 5$/m);
	t.equal(getPriority(), own, "its parent has its own");
});

t.test("one that has ended is none, and nothing is thrown", async () => {
	const child = spawn("true", { detached: true, stdio: "ignore" });
	await new Promise((resolve) => child.once("exit", resolve));
	giveWay(child.pid!);
});
