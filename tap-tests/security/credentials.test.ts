import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import t from "tap";
import { eachProcess, readProc } from "../../base/proc.ts";
import type { FaultRecord } from "../../chaos/injection.ts";
import { secretOf } from "../../daemon/stack/secrets.ts";
import { eventOf, liveDaemon, temporaryHome, triedOnce } from "../live/daemon.ts";
import { untapped } from "../untapped.ts";

t.setTimeout(300_000);

const secured = ["postgres", "redis"] as const;

/** Files below the folder that hold one of these texts. */
function filesWith(folder: string, texts: readonly string[]): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name))
		.filter((file) => {
			const content = readFileSync(file, "latin1");
			return texts.some((text) => content.includes(text));
		})
		.map((file) => file.slice(folder.length + 1));
}

t.test("no password is in a log, a record, an event or anybody's arguments", async (t) => {
	const home = temporaryHome(t);
	const daemon = await liveDaemon(t, { home, flags: ["--services", "postgres,redis"] });
	const secrets = secured.map((id) => secretOf(home, id));
	const seen = new Set<string>();
	const look = () =>
		eachProcess((pid) => {
			const words = readProc(pid, "cmdline")?.split("\0") ?? [];
			if (words.some((word) => secrets.some((secret) => word.includes(secret))))
				seen.add(words.join(" "));
		});
	const lock = { kind: "connection-exhaustion", on: "postgres", params: {}, forMs: 60_000 };
	const told: unknown[] = [await daemon.client.post<FaultRecord>("/faults", lock)];
	await look();
	told.push(await daemon.client.get("/faults"), await daemon.client.post("/heal"));
	await daemon.client.post("/heal/release");
	const file = new URL("../fixtures/scenarios/kinds-redis.scenario.ts", import.meta.url);
	const { runId } = await daemon.client.post<{ runId: string }>("/runs", {
		file: file.pathname,
		params: triedOnce,
	});
	await eventOf(daemon.client, runId, (event) => {
		told.push(event);
		if (event.type === "fault") void look();
		return event.type === "end";
	});
	const run = await daemon.client.run(runId);
	t.ok(
		run.faults.every(({ provedMs }) => provedMs !== null),
		"it has broken something",
	);
	const shown = await daemon.client.get("/stack");
	for (const secret of secrets) t.notMatch(`${JSON.stringify(shown)}\n${daemon.output()}`, secret);
	t.same([...seen], []);
	const asked = ["stack", "url", "redis", "--home", home.folder];
	const { stdout: printed } = spawnSync(
		...untapped(process.execPath, "--no-warnings", "daemon/cli/main.ts", ...asked),
		{ encoding: "utf8" },
	);
	const redis = new Redis(printed.trim());
	t.equal(await redis.ping(), "PONG", "its owner is told it when he asks");
	redis.disconnect();

	daemon.process.kill("SIGTERM");
	await daemon.exited;
	const own = ["redis.secret", "postgres.secret"].map((name) => join("services", name));
	const allowed = [...own, "ledger.ndjson", join("data", "redis", "redis.conf")];
	t.same(
		filesWith(home.folder, secrets).filter((file) => !allowed.includes(file)),
		[],
		"beside the secrets it is in Redis's own configuration and the ledger of faults, both the owner's",
	);
	for (const file of [...own, "ledger.ndjson"])
		t.equal(statSync(join(home.folder, file)).mode & 0o777, 0o600, file);
});
