import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { identifySelf } from "../../../base/process.ts";
import { findDaemon } from "../../../daemon/cli/find-daemon.ts";
import { openHome, writeDurably } from "../../../daemon/home/home.ts";
import { lockHome } from "../../../daemon/home/lock.ts";
import { ownerToken, renewOwnerToken } from "../../../daemon/home/owner-token.ts";
import { command } from "./command.ts";
import { beDaemon } from "./own-daemon.ts";

/** Whoever listens at the port: hears what it is sent, and answers everything. */
async function listener(t: Test, status = 200) {
	const heard: (string | undefined)[] = [];
	const server = http.createServer((request, response) => {
		heard.push(request.headers.authorization);
		const error = { code: "FLT_UNAUTHORIZED", message: "not you", hint: "" };
		response.writeHead(status).end(JSON.stringify(status === 200 ? {} : { error }));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const home = openHome(join(t.testdir(), "home"));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { heard, home, url };
}

t.test("the daemon that holds the home is called with its owner's token", async (t) => {
	const { heard, home, url } = await listener(t);
	const token = await beDaemon(t, home, url);
	const client = await findDaemon({ home: home.folder });
	t.equal(client?.url, url);
	t.same(heard, [`Bearer ${token}`]);
});

t.test("who has the port of a daemon that was killed is told nothing", async (t) => {
	const { heard, home, url } = await listener(t);
	renewOwnerToken(home);
	const self = identifySelf();
	const left = (more: object) =>
		writeDurably(home.daemonFile, JSON.stringify({ ...self, url, version: "", ...more }));
	left({});
	t.equal(await findDaemon({ home: home.folder }), null, "nobody holds the home");
	const lock = await lockHome(home, "another command");
	left({ startTime: self.startTime - 1 });
	t.equal(await findDaemon({ home: home.folder }), null, "another process has that pid now");
	left({ pid: 1 });
	t.equal(await findDaemon({ home: home.folder }), null, "another process holds the home");
	writeFileSync(home.daemonFile, "{");
	t.equal(await findDaemon({ home: home.folder }), null, "torn");
	lock.release();
	left({});
	const result = await command(t, ["heal", "--home", home.folder]);
	t.match(result, { code: 0, out: /nothing to heal/ }, "and healing goes on without it");
	t.same(heard, []);
});

t.test("a daemon that does not take the token is told, not passed over", async (t) => {
	const { home, url } = await listener(t, 401);
	await beDaemon(t, home, url);
	await t.rejects(findDaemon({ home: home.folder }), { code: "FLT_UNAUTHORIZED" });
});

t.test("a token file that others had a hand in is refused with what to do", async (t) => {
	const home = openHome(join(t.testdir(), "home"));
	const refused = (message: RegExp, why: string) =>
		t.throws(() => ownerToken(home), { code: "FLT_UNAUTHORIZED", message, hint: /remove it/ }, why);
	refused(/is not there/, "none");
	const good = renewOwnerToken(home);
	t.equal(ownerToken(home), good);
	t.not(renewOwnerToken(home), good, "each start makes another");
	for (const mode of [0o640, 0o604, 0o620, 0o644]) {
		chmodSync(home.tokenFile, mode);
		refused(new RegExp(`mode ${mode.toString(8)}`), "others read or write it");
	}
	for (const text of ["", "\n", "short\n", "x".repeat(31), `${good} ${good}`, "a".repeat(5_000)]) {
		rmSync(home.tokenFile);
		writeFileSync(home.tokenFile, text, { mode: 0o600 });
		refused(/holds no token/, JSON.stringify(text.slice(0, 40)));
	}
	rmSync(home.tokenFile);
	writeFileSync(join(home.folder, "elsewhere"), `${good}\n`, { mode: 0o600 });
	symlinkSync(join(home.folder, "elsewhere"), home.tokenFile);
	refused(/is a link/, "whoever made the link chose what is read");
	rmSync(home.tokenFile);
	mkdirSync(home.tokenFile, { mode: 0o700 });
	refused(/is no file/, "a folder");
	rmSync(home.tokenFile, { recursive: true });
	execFileSync("mkfifo", ["-m", "600", home.tokenFile]);
	refused(/is no file/, "a pipe, which nobody waits for");
	rmSync(home.tokenFile);
	if (process.getuid?.() !== 0) return;
	renewOwnerToken(home);
	chownSync(home.tokenFile, 65_534, 65_534);
	refused(/belongs to another user \(uid 65534\)/, "written by somebody else");
	t.not(renewOwnerToken(home), good, "a new start replaces it all the same");
	t.match(ownerToken(home), /^[\w-]{32}$/);
});
