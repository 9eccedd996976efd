import type { Socket } from "node:net";
import t, { type Test } from "tap";
import postgres, { type PostgresClient } from "../../../load/drivers/postgres.ts";
import { OperationError, outcomeOf } from "../../../load/outcome.ts";
import { done, type FakePostgres, fakePostgres, refusal } from "./fake-postgres.ts";

async function clientOf(
	t: Test,
	{ url }: FakePostgres,
	connections: number,
): Promise<PostgresClient> {
	const { signal } = new AbortController();
	const client = await postgres.open({ kind: "postgres", url }, { connections, signal });
	t.teardown(() => postgres.close(client));
	return client;
}

const outcome = (error: unknown) => outcomeOf(error, [postgres]);
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await turn();
}

t.test("operations take the free connections in turn, and wait in order of arrival", async (t) => {
	const held: Socket[] = [];
	const server = await fakePostgres(t, (_, socket) => held.push(socket));
	const client = await clientOf(t, server, 2);
	t.equal(server.sessions.size, 2);
	t.same(postgres.counters(client), { attempts: 0 }, "opening sends no statement");
	const queries = ["a", "b", "c", "d"].map((statement) => client.query(statement));
	await until(() => held.length === 2);
	t.same(postgres.counters(client), { attempts: 2 }, "what waits is not sent");
	for (let answered = 0; answered < 4; answered++) {
		await until(() => held.length > answered);
		held[answered]!.write(done);
		await queries[answered];
	}
	t.same(server.received, ["a", "b", "c", "d"]);
	t.same(postgres.counters(client), { attempts: 4 });
	t.equal(server.sessions.size, 2);
});

t.test(
	"what the server refused did not happen; what it ended the session over may have",
	async (t) => {
		const rows: [Buffer, ReturnType<typeof outcome>][] = [
			[refusal("ERROR", "23505"), { kind: "fail", code: "23505" }],
			[refusal("ERROR", "42601"), { kind: "fail", code: "42601" }],
			[refusal("ERROR", "40003"), { kind: "unknown", code: "40003" }],
			[refusal("FATAL", "57P01"), { kind: "unknown", code: "57P01" }],
			// The severity is in the server's language.
			[refusal("ВАЖНО", "57P01"), { kind: "unknown", code: "57P01" }],
			[refusal("FATAL", "XX000"), { kind: "unknown", code: "XX000" }],
		];
		for (const [answer, expected] of rows) {
			const server = await fakePostgres(t, (_, socket) => socket.write(answer));
			const client = await clientOf(t, server, 1);
			t.same(await client.query("x").catch(outcome), expected);
			t.same(await client.query("x").catch(outcome), expected, "and the next finds a connection");
		}
	},
);

t.test("a connection lost in a query is unknown, lost while idle it is made anew", async (t) => {
	const server = await fakePostgres(t, (statement, socket) => {
		if (statement === "lose") socket.resetAndDestroy();
		else socket.write(done);
	});
	const client = await clientOf(t, server, 1);
	t.match(await client.query("lose").catch(outcome), { kind: "unknown" });
	await client.query("x");
	const [idle] = server.sessions;
	idle!.destroy();
	await until(() => server.sessions.size === 0);
	// The client learns of it in a turn of its own.
	for (let i = 0; i < 20; i++) await turn();
	await client.query("x");
	t.same(server.received, ["lose", "x", "x"]);
});

t.test("a refused connection is a fail, and no attempt", async (t) => {
	const server = await fakePostgres(t, (_, socket) => socket.write(done));
	const client = await clientOf(t, server, 1);
	await server.close();
	await t.resolves(client.query("x").catch(() => {}));
	const attempts = client.attempts;
	t.same(await client.query("x").catch(outcome), { kind: "fail", code: "ECONNREFUSED" });
	t.equal(client.attempts, attempts);
});

t.test("an aborted query gives up its connection, a waiting one only its place", async (t) => {
	const server = await fakePostgres(t, (statement, socket) => {
		if (statement !== "never") socket.write(done);
	});
	const client = await clientOf(t, server, 1);
	const aborter = new AbortController();
	const running = client.query("never", undefined, aborter.signal).catch(outcome);
	const waiting = client.query("never", undefined, aborter.signal).catch(outcome);
	const other = client.query("other");
	await until(() => server.received.length === 1);
	aborter.abort(new OperationError("unknown", "deadline"));
	t.same(await running, { kind: "unknown", code: "deadline" });
	t.same(await waiting, { kind: "fail", code: "deadline" });
	await other;
	t.same(server.received, ["never", "other"]);
});

t.test("closing ends what waits and what runs", async (t) => {
	const server = await fakePostgres(t, () => {});
	const client = await clientOf(t, server, 1);
	const running = client.query("x").catch(outcome);
	const waiting = client.query("y").catch(outcome);
	await until(() => server.received.length === 1);
	await postgres.close(client);
	t.match(await running, { kind: "unknown" });
	t.same(await waiting, { kind: "fail", code: "closed" });
	await until(() => server.sessions.size === 0);
});
