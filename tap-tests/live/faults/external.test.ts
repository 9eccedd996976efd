import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { identify, isAlive, stateOf } from "../../../base/process.ts";
import type { Started } from "../../../daemon/client/client.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { urlOfRunning } from "../../../daemon/stack/detached.ts";
import { freePort, PortClaims } from "../../../daemon/stack/ports.ts";
import { type Someone, someone, supervised } from "../../daemon/stage/someone.ts";
import { eventOf, isMistake, killHard, type LiveDaemon, liveDaemon } from "../daemon.ts";
import { inventory } from "../inventory.ts";
import { everyFault } from "./every-fault.ts";

const file = new URL("../../fixtures/scenarios/external.scenario.ts", import.meta.url).pathname;
const allowDestructive = true;

const daemon = await liveDaemon(t, { flags: ["--services", "postgres,redis"] });

function begin({ client }: LiveDaemon, api: Someone, params: object): Promise<Started> {
	return client.post<Started>("/runs", {
		file,
		params: { url: api.url, retries: 0, ...params },
	});
}

async function ended(
	t: Test,
	api: Someone,
	params: object,
	whileFault?: () => Promise<void>,
): Promise<RunDocument> {
	const { client, home } = daemon;
	const before = await inventory(client, home);
	const { runId } = await begin(daemon, api, params);
	if (whileFault !== undefined) {
		await eventOf(client, runId, isProved);
		await whileFault();
	}
	await eventOf(client, runId, ({ type }) => type === "end");
	t.same(await inventory(client, home), before, "nothing is left of the run");
	return client.run(runId);
}

function isProved(event: Parameters<Parameters<typeof eventOf>[2]>[0]): boolean {
	return event.type === "fault" && event.fault.provedMs !== null;
}

/** The priority of a process and of the group that the kernel shares a core by, where it has such groups. */
function priorityOf({ pid }: Someone["process"]): string {
	const group = `/proc/${pid}/autogroup`;
	return `${getPriority(pid)} ${existsSync(group) ? readFileSync(group, "utf8").trim() : ""}`;
}

t.test(
	"load goes to what runs anyhow by a proxy, at a port that stays, and comes late there",
	async (t) => {
		const api = await someone(t);
		const claims = new PortClaims();
		const port = await freePort(claims);
		claims.releaseAll();
		const before = priorityOf(api.process);
		const params = { fault: "latency", faultMs: 1_500, port };
		const run = await ended(t, api, params, async () => {
			const answer = await fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
			t.equal(answer, `${api.process.pid}`, "whoever is set to that port comes to it");
			t.equal(priorityOf(api.process), before, "its priority is its owner's affair");
		});
		t.match(run, { state: "done", allowDestructive: false, checks: [{ id: "asked", ok: true }] });
		t.match(run.faults, [{ kind: "latency", on: "api", state: "healed", provedMs: Number }]);
		t.same(run.reasons.filter(isMistake), []);
		t.ok(isAlive(api.process), "and goes on");
	},
);

t.test(
	"without permission nothing is broken that Faultline has not started, nor begun",
	async (t) => {
		const api = await someone(t);
		const runs = async () => (await daemon.client.runs(100)).length;
		const before = await runs();
		for (const fault of ["freeze", "restart-loop"])
			await t.rejects(begin(daemon, api, { fault }), {
				code: "FLT_FORBIDDEN",
				message: new RegExp(`fault ${fault} on "api": it would break .*${api.port}`),
				hint: /--allow-destructive/,
			});
		t.equal(await runs(), before);
		t.not(stateOf(api.process), "T");
	},
);

t.test("a service that does not answer is missing, and so is a process to be broken", async (t) => {
	const api = await someone(t);
	await api.stop();
	const missing = { code: "FLT_COMPONENT_MISSING", message: /nothing answers at .*ECONNREFUSED/ };
	await t.rejects(begin(daemon, api, {}), missing);
	const other = await someone(t);
	const gone = { fault: "kill", allowDestructive, pid: api.process.pid };
	await t.rejects(begin(daemon, other, gone), { message: /there is no process/ });
	const first = { fault: "kill", allowDestructive, pid: 1 };
	await t.rejects(begin(daemon, other, first), {
		code: "FLT_FORBIDDEN",
		message: /the first process of the machine/,
	});
	const ours = { fault: "freeze", allowDestructive, pid: daemon.pid };
	await t.rejects(begin(daemon, other, ours), { message: /it is this daemon/ });
});

t.test(
	"a freeze that was allowed is seen, healed, and told in the record and in one line",
	async (t) => {
		const api = await someone(t);
		const run = await ended(t, api, { fault: "freeze", allowDestructive, pid: api.process.pid });
		t.match(run.faults, [{ kind: "freeze", on: "api", state: "healed", provedMs: Number }]);
		t.equal(run.allowDestructive, true);
		const lines = readFileSync(join(daemon.home.runs, run.runId, "events.ndjson"), "utf8");
		t.match(lines, new RegExp(`faults may break api, ${api.url}, process ${api.process.pid} \\(`));
		t.match(stateOf(api.process), /[SR]/, "it runs again");
	},
);

t.test("one that was killed comes back by whoever looks after it", async (t) => {
	const api = await supervised(t);
	const run = await ended(t, api, { fault: "kill", allowDestructive });
	t.match(run.faults, [{ kind: "kill", on: "api", state: "healed", provedMs: Number }]);
	t.notOk(isAlive(api.process), "the one that was there");
	t.equal(api.starts(), 2);
	const looped = await ended(t, api, { fault: "restart-loop", faultMs: 3_000, allowDestructive });
	t.match(looped.faults, [{ kind: "restart-loop", state: "healed", provedMs: Number }]);
	t.ok(api.starts() > 3, `${api.starts()} starts`);
});

t.test(
	"every fault of the way acts on it in each protocol, and inside only where allowed",
	async (t) => {
		const api = await someone(t);
		await everyFault(t, daemon, "external-kinds", { url: api.url });
		await everyFault(t, daemon, "external-kinds", { url: api.url.replace("http", "tcp") });
		for (const [id, inside] of [
			["postgres", "terminate-backends"],
			["redis", "redis-pause"],
		] as const) {
			const url = await urlOfRunning(daemon.home, id);
			await everyFault(t, daemon, "external-kinds", { url, inside, allowDestructive });
			const { runId } = (await daemon.client.runs(1))[0]!;
			const record = readFileSync(join(daemon.home.runs, runId, "run.json"), "utf8");
			t.notMatch(record, new URL(url).password, "no password comes into the record");
			const told = join(daemon.home.runs, runId, "subjects", "told.log");
			t.match(
				readFileSync(told, "utf8"),
				new RegExp(`FLT_PATH_LATE=${id}://.*@127.0.0.1:(?!${new URL(url).port})`),
				"subjects are told the address of its proxy",
			);
		}
	},
);

t.test("what a daemon froze that was killed itself is thawed by the next one", async (t) => {
	const api = await someone(t);
	const first = await liveDaemon(t, { flags: ["--services", "redis"] });
	const asked = { fault: "freeze", faultMs: 60_000, allowDestructive };
	const { runId } = await begin(first, api, asked);
	await eventOf(first.client, runId, isProved);
	t.equal(stateOf(api.process), "T");
	await killHard(first);
	t.equal(stateOf(api.process), "T", "nobody was left to thaw it");
	const second = await liveDaemon(t, { home: first.home, flags: ["--services", "redis"] });
	t.match(second.output(), /healed 1 of 1 faults/);
	t.match(stateOf(api.process), /[SR]/);
	t.same(identify(api.process.pid), api.process, "the very one");
});
