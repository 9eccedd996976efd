import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { findMarked, killTree } from "../../../base/process.ts";
import { foldersOf, type Home } from "../../../daemon/home/home.ts";
import { takeDown } from "../../../daemon/stack/detached.ts";
import type { ComponentId, ServiceState } from "../../../daemon/stack/service.ts";
import { temporaryHome } from "../daemon.ts";
import { roundTrip } from "./round-trips.ts";
import { opened, up } from "./stack-helper.ts";

t.setTimeout(300_000);

const opener = fileURLToPath(new URL("./opener.ts", import.meta.url));
const all = ["postgres", "redis", "kafka", "toxiproxy"] as const;

/** Opens the stack in a process of its own and kills that process: all that is left is what it started. */
async function openAndDie(
	t: Test,
	home: Home,
	services = "postgres,redis,kafka",
): Promise<Record<ComponentId, number>> {
	const child = spawn(process.execPath, [opener, home.folder, services], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	t.teardown(() => child.kill("SIGKILL"));
	const line = await new Promise<string>((resolve) =>
		child.stdout.once("data", (data) => resolve(`${data}`)),
	);
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGKILL");
	await ended;
	const status = JSON.parse(line) as Record<ComponentId, ServiceState>;
	const pids = all.map((id) => {
		const state = status[id];
		return [id, state.state === "up" ? state.root!.pid : 0];
	});
	return Object.fromEntries(pids) as Record<ComponentId, number>;
}

t.test("healthy services outlive a killed daemon and are adopted by the next", async (t) => {
	const home = temporaryHome(t);
	const before = await openAndDie(t, home);
	const { stack } = await opened(t, home);
	for (const id of all) {
		const { how, root, endpoint } = up(stack, id);
		t.equal(how, "adopted", id);
		t.equal(root?.pid, before[id], id);
		await roundTrip(endpoint);
	}
	await stack.close();
	t.same(await findMarked(home.id, ...foldersOf(home)), []);
});

t.test("what was killed while nobody watched is started again, the rest adopted", async (t) => {
	const home = temporaryHome(t);
	const before = await openAndDie(t, home, "postgres,redis");
	// The postmaster alone: its children live on, hold the shared memory, and carry no readable mark.
	process.kill(before.postgres, "SIGKILL");
	process.kill(before.redis, "SIGKILL");
	const { stack } = await opened(t, home, { flags: { services: "postgres,redis" } });
	const how = Object.fromEntries(all.map((id) => [id, stack.status()[id]]));
	t.match(how, {
		postgres: { how: "native" },
		redis: { how: "native" },
		toxiproxy: { how: "adopted" },
		kafka: { state: "missing", fix: /--services/ },
	});
	for (const id of ["postgres", "redis"] as const) {
		await roundTrip(up(stack, id).endpoint);
		await roundTrip(up(stack, id).proxied!);
	}
});

t.test("a process of another configuration is replaced, a stray one ended", async (t) => {
	const home = temporaryHome(t);
	const only = ["redis", "toxiproxy"] as const;
	const first = await opened(t, home, { only });
	const { root } = up(first.stack, "redis");
	const { writeRecord, readRecord } = await import("../../../daemon/stack/record.ts");
	writeRecord(home, "redis", { ...readRecord(home, "redis"), fingerprint: "of other options" });
	const stray = spawn("sh", ["-c", "exec sleep 60"], {
		detached: true,
		stdio: "ignore",
		env: { ...process.env, FAULTLINE_INSTANCE: home.id },
	});
	t.teardown(() => stray.kill("SIGKILL"));
	// Only what is not below this process is a stray; a shell in between is what a daemon's death leaves.
	const orphan = spawn("sh", ["-c", "sleep 60 & echo $!"], {
		stdio: ["ignore", "pipe", "ignore"],
		env: { ...process.env, FAULTLINE_INSTANCE: home.id },
	});
	const orphanPid = await new Promise<number>((resolve) =>
		orphan.stdout.once("data", (data) => resolve(Number(data))),
	);
	await new Promise((resolve) =>
		orphan.exitCode === null ? orphan.once("exit", resolve) : resolve(0),
	);
	const { stack } = await opened(t, home, { only });
	t.equal(up(stack, "redis").how, "native");
	t.not(up(stack, "redis").root?.pid, root?.pid);
	t.equal(up(stack, "toxiproxy").how, "adopted");
	t.notOk(
		(await findMarked(home.id)).some(({ pid }) => pid === orphanPid),
		"the stray is gone",
	);
	t.equal(stray.exitCode ?? stray.signalCode, null, "a child of ours is not a stray");
	await killTree(root!, { graceMs: 0 });
});

t.test("what was kept up outlives whoever uses it, and what needs none of it", async (t) => {
	const home = temporaryHome(t);
	const only = ["redis", "toxiproxy"] as const;
	const first = await opened(t, home, { only });
	t.teardown(() => takeDown(home));
	first.stack.keepUp();
	const { root, endpoint } = up(first.stack, "redis");
	await first.stack.close();
	await roundTrip(endpoint);
	const other = await opened(t, home, { only: ["toxiproxy"] });
	t.equal(up(other.stack, "toxiproxy").how, "adopted");
	await other.stack.close();
	const again = await opened(t, home, { only });
	t.match(up(again.stack, "redis"), { how: "adopted", root });
	await again.stack.restart("redis");
	await again.stack.close();
	await roundTrip(endpoint);
	t.same((await takeDown(home)).sort(), ["redis", "toxiproxy"]);
	t.same(await findMarked(home.id, ...foldersOf(home)), []);
});
