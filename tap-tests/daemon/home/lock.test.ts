import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { identifySelf } from "../../../base/process.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { lockHolder, lockHome } from "../../../daemon/home/lock.ts";
import { lastingFolder } from "../../lasting-folder.ts";

const taker = `
	import { openHome } from ${JSON.stringify(new URL("../../../daemon/home/home.ts", import.meta.url).href)};
	import { lockHome } from ${JSON.stringify(new URL("../../../daemon/home/lock.ts", import.meta.url).href)};
	process.stdin.once("data", async () => {
		try {
			await lockHome(openHome(process.argv[1]), "a starter");
			console.log("won");
		} catch (error) {
			console.log(error.code);
		}
		process.stdin.resume();
	});
	console.log("here");
`;

/** A process that tries for the home when told, and keeps what it got until it is killed. */
function starter(t: Test, folder: string) {
	const args = ["--input-type=module-typescript", "-e", taker, folder];
	const child = spawn(process.execPath, args, {
		stdio: ["pipe", "pipe", "inherit"],
		cwd: fileURLToPath(new URL(".", import.meta.url)),
	});
	const ended = new Promise((resolve) => child.once("exit", resolve));
	const kill = () => {
		child.kill("SIGKILL");
		return ended;
	};
	t.teardown(kill);
	const line = () =>
		new Promise<string>((resolve) =>
			child.stdout.once("data", (data) => resolve(`${data}`.trim())),
		);
	const here = line();
	return {
		kill,
		pid: child.pid,
		here,
		tryNow: () => {
			const answer = line();
			child.stdin.write("go");
			return answer;
		},
	};
}

t.test("a living holder keeps everybody else out and is named", async (t) => {
	const home = openHome(lastingFolder(t));
	const lock = await lockHome(home, "the daemon");
	t.match(lockHolder(home), { pid: process.pid, what: "the daemon" });
	await t.rejects(lockHome(home, "faultline heal"), {
		code: "FLT_HOME_LOCKED",
		message: new RegExp(`the daemon \\(pid ${process.pid}, since 20.*Z\\)`),
	});
	lock.release();
	t.equal(lockHolder(home), null);
	(await lockHome(home, "faultline heal")).release();
	t.notMatch(readdirSync(home.folder), ["lock"]);
});

t.test("releasing twice does not take the home from the next holder", async (t) => {
	const home = openHome(lastingFolder(t));
	const lock = await lockHome(home, "first");
	lock.release();
	const other = { ...identifySelf(), startTime: 1, what: "another", since: "" };
	writeFileSync(home.lockFile, JSON.stringify(other));
	lock.release();
	t.ok(readdirSync(home.folder).includes("lock"));
});

t.test("a holder whose pid belongs to another process now is replaced", async (t) => {
	const home = openHome(lastingFolder(t));
	const past = { ...identifySelf(), startTime: 1, what: "the daemon", since: "yesterday" };
	writeFileSync(home.lockFile, JSON.stringify(past));
	const lock = await lockHome(home, "the next");
	t.match(lockHolder(home), { what: "the next" });
	lock.release();
});

t.test("an unreadable lock file keeps nobody out", async (t) => {
	const home = openHome(lastingFolder(t));
	writeFileSync(home.lockFile, "");
	(await lockHome(home, "the daemon")).release();
});

t.test("a takeover that was itself killed halfway does not block the next one", async (t) => {
	const home = openHome(lastingFolder(t));
	const dead = { ...identifySelf(), startTime: 1, what: "the daemon", since: "" };
	writeFileSync(home.lockFile, JSON.stringify(dead));
	const killed = { ...identifySelf(), startTime: 2, what: "a starter", since: "" };
	writeFileSync(`${home.lockFile}.${dead.pid}-1`, JSON.stringify(killed));
	(await lockHome(home, "the next")).release();
	t.same(
		readdirSync(home.folder).filter((name) => name.startsWith("lock")),
		[],
	);
});

t.test(
	"of several starters at one time exactly one gets the home, fresh or left by a dead holder",
	async (t) => {
		const home = openHome(lastingFolder(t));
		const starters = Array.from({ length: 6 }, () => starter(t, home.folder));
		await Promise.all(starters.map(({ here }) => here));
		const answers = await Promise.all(starters.map(({ tryNow }) => tryNow()));
		t.same(answers.toSorted(), [...Array(5).fill("FLT_HOME_LOCKED"), "won"]);

		const winner = starters[answers.indexOf("won")]!;
		t.equal(lockHolder(home)?.pid, winner.pid);
		await winner.kill();
		t.equal(lockHolder(home), null, "SIGKILL leaves the file, not the hold");

		const second = Array.from({ length: 6 }, () => starter(t, home.folder));
		await Promise.all(second.map(({ here }) => here));
		const again = await Promise.all(second.map(({ tryNow }) => tryNow()));
		t.same(again.toSorted(), [...Array(5).fill("FLT_HOME_LOCKED"), "won"]);
		t.equal(lockHolder(home)?.pid, second[again.indexOf("won")]?.pid);
	},
);
