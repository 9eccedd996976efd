import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { eventOf, liveDaemon, triedOnce, until } from "../live/daemon.ts";

t.setTimeout(1_700_000);

// Cold fetches of services, from the registries, by a run that needs them: into a cache of the test's own.

/** A daemon whose cache is empty but for what the core needs. */
async function coldDaemon(t: Test, services: string) {
	const cache = join(t.testdir(), "cache");
	const before = process.env.FAULTLINE_CACHE;
	process.env.FAULTLINE_CACHE = cache;
	process.env.FAULTLINE_SERVICE_IDLE_S = "0";
	t.teardown(() => {
		if (before === undefined) delete process.env.FAULTLINE_CACHE;
		else process.env.FAULTLINE_CACHE = before;
	});
	return { daemon: await liveDaemon(t, { flags: ["--services", services] }), cache };
}

for (const [service, beside] of [
	["s3", "redis"],
	["connect", "postgres,kafka"],
] as const)
	t.test(
		`${service} is fetched by the first run that needs it, which tells how far it is`,
		async (t) => {
			const { daemon, cache } = await coldDaemon(t, beside);
			const file = new URL(`../fixtures/scenarios/kinds-${service}.scenario.ts`, import.meta.url);
			const start = () =>
				daemon.client.post<{ runId: string }>("/runs", { file: file.pathname, params: triedOnce });

			const stopped = await start();
			const said: string[] = [];
			await eventOf(daemon.client, stopped.runId, (event) => {
				if (event.type === "log") said.push(event.message);
				return said.some((line) => /^fetching .*: about \d+ MB and \d+ s/.test(line));
			});
			await daemon.client.post(`/runs/${stopped.runId}/stop`);
			const { state, verdict } = await daemon.client.run(stopped.runId);
			t.match({ state, verdict }, { state: "aborted", verdict: "invalid" });
			await until(() => !readdirSync(cache).some((name) => name.startsWith(".building")));

			const { runId } = await start();
			const seen: { at: string; line: string }[] = [];
			let at = "queued";
			await eventOf(daemon.client, runId, (event) => {
				if (event.type === "state") at = event.state;
				if (event.type === "log") seen.push({ at, line: event.message });
				return event.type === "end";
			});
			const fetches = seen.filter(({ line }) => /^fetch/.test(line));
			t.match(fetches.at(0)?.line, /^fetching /);
			t.match(fetches.at(-1)?.line, /^fetched .* in [\d.]+ s$/);
			t.ok(
				fetches.some(({ line }) => /MB so far, \d+ s of about \d+/.test(line)) ||
					fetches.length === 2,
				"and how far it is, where it takes long",
			);
			t.same(
				new Set(fetches.map(({ at }) => at)),
				new Set(["queued"]),
				"before it prepares anything",
			);
			const run = await daemon.client.run(runId);
			t.equal(run.verdict, "passed", JSON.stringify(run.reasons));
			t.same(
				readdirSync(cache).filter((name) => name.startsWith(".")),
				[],
				"nothing of the first try is left",
			);
		},
	);

t.test("all that there is can be fetched beforehand", async (t) => {
	const cache = join(t.testdir(), "cache");
	const child = spawn(
		process.execPath,
		["--no-warnings", "daemon/cli/main.ts", "stack", "fetch", "toxiproxy", "redis", "kafka"],
		{ stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, FAULTLINE_CACHE: cache } },
	);
	let printed = "";
	child.stdout.on("data", (bytes: Buffer) => (printed += bytes));
	const [code] = await once(child, "close");
	t.equal(code, 0);
	t.match(printed, /^toxiproxy 2\.12\.0 .*\nredis \S+ .*\nkafka 4\.3\.1 .*\n$/);
});
