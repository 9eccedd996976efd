import { createServer, type Socket } from "node:net";
import t, { type Test } from "tap";
import { loadKind } from "../../../chaos/kinds.ts";
import { openSession } from "../../../chaos/postgres/postgres-undo.ts";
import { recoveryTarget } from "../../../daemon/stage/target.ts";
import { fakePostgres, refusal } from "../../load/drivers/fake-postgres.ts";
import { rig } from "../fake-target.ts";

const undo = {
	faultId: "f-1",
	on: "db",
	table: '"t"',
	sessions: 2,
	holdMs: 5,
	rows: 1,
	before: null,
	slot: "flt_run_cdc",
	plugin: "pgoutput",
	twoPhase: false,
};
const sessionsAlone = ["connection-exhaustion", "long-lock", "lock-storm"];
const lasting = ["read-only", "checkpoint-storm", "slot-dropped"];
/** Its part outside of the database outlives that, and any session. */
const ofServer = ["tablespace-full"];

/** A server that lets nobody in, and says why. */
async function refusing(t: Test, code: string): Promise<string> {
	const server = createServer((socket) => {
		socket.on("error", () => {}).once("data", () => socket.end(refusal("FATAL", code)));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
	t.teardown(() => server.close());
	const address = server.address();
	return `postgres://me@127.0.0.1:${typeof address === "object" ? address?.port : 0}/db`;
}

const heal = async (kind: string, url: string) =>
	(await loadKind(kind)).heal(recoveryTarget({ toxiproxy: rig(t).toxiproxy.client }), {
		...undo,
		url,
		server: url,
		index: '"i"',
	});

t.test("a database that is gone took its faults with it", async (t) => {
	const url = await refusing(t, "3D000");
	for (const kind of [...sessionsAlone, ...lasting]) {
		await heal(kind, url);
		await heal(kind, url);
		t.pass(kind);
	}
});

t.test("a server that is gone took its sessions with it, and nothing else", async (t) => {
	for (const kind of sessionsAlone) {
		await heal(kind, "postgres://me@127.0.0.1:1/db");
		t.pass(kind);
	}
	for (const kind of [...lasting, ...ofServer])
		await t.rejects(heal(kind, "postgres://me@127.0.0.1:1/db"), { code: "ECONNREFUSED" }, kind);
});

t.test("a server that can't say is no proof of anything: the fault stays open", async (t) => {
	const url = await refusing(t, "57P03");
	for (const kind of [...sessionsAlone, ...lasting, ...ofServer])
		await t.rejects(heal(kind, url), { code: "57P03" }, kind);
});

t.test("a session has the name it is to be found by, whatever the URL says", async (t) => {
	const started = Promise.withResolvers<string>();
	const server = createServer((socket: Socket) => {
		socket
			.on("error", () => {})
			.once("data", (bytes) => {
				started.resolve(bytes.toString());
				socket.end(refusal("FATAL", "28000"));
			});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
	t.teardown(() => server.close());
	const { port } = server.address() as { port: number };
	const url = `postgres://me@127.0.0.1:${port}/db?application_name=app&options=-c%20statement_timeout%3D5`;
	await t.rejects(openSession(url, "long-lock-1"), { code: "28000" });
	const said = await started.promise;
	t.match(said, /application_name\0long-lock-1\0/);
	// What comes later holds.
	t.match(said, /options\0-c statement_timeout=5 -c default_.* -c statement_timeout=0 /);
});

t.test(
	"what is planned on an external server keeps its URL, and asks no lookup to heal",
	async (t) => {
		const server = await fakePostgres(t, (_, socket) => socket.write(refusal("ERROR", "42601")));
		const { target } = rig(t);
		const onServer = { ...target, postgresOf: async () => server.url };
		const exhaustion = await loadKind("connection-exhaustion");
		t.same(await exhaustion.plan(onServer, "db", {}, "f-2"), {
			faultId: "f-2",
			on: "db",
			url: server.url,
		});
		t.same(server.received, [], "planning asks nothing where there is nothing to know");
	},
);

t.test("a slot that no run made is refused before anything is asked", async (t) => {
	const { target } = rig(t);
	const standing = { ...target, ownName: (_: string, name: string) => name };
	const dropped = await loadKind("slot-dropped");
	await t.rejects(dropped.plan(standing, "db", { slot: "theirs" }, "f-3"), {
		code: "FLT_NO_PATH",
		message: /slot "theirs" is no run's own/,
	});
});
