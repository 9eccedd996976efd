import type { Socket } from "node:net";
import t, { type Test } from "tap";
import postgres from "../../../load/drivers/postgres.ts";
import postgresWire from "../../../load/drivers/postgres-wire.ts";
import type { IssuedOperation } from "../../../load/operation.ts";
import { type Outcome, outcomeOf } from "../../../load/outcome.ts";
import type { Repeat, Statement, Transaction } from "../../../load/repeat.ts";
import {
	copyIn,
	done,
	doneWithin,
	emptyRow,
	type FakePostgres,
	fakePostgres,
	refusal,
} from "./fake-postgres.ts";

// What both drivers make of operations that they repeat, over one connection.

const drivers = { postgres, "postgres-wire": postgresWire };

type Said = Outcome & { said?: string };
type Operate = (n: number) => Promise<Said>;

async function onBoth(
	t: Test,
	operations: (string | Transaction)[],
	answer: (statement: string, socket: Socket) => void,
	run: (operate: Operate, server: FakePostgres, name: string) => Promise<void>,
): Promise<void> {
	const statements = operations.map((one) => (typeof one === "string" ? plain(one) : one));
	const repeat: Repeat = { kind: "postgres", statements };
	const { signal } = new AbortController();
	for (const [name, driver] of Object.entries(drivers)) {
		const server = await fakePostgres(t, answer);
		const open = driver.open as typeof postgres.open;
		const client = await open({ kind: "postgres", url: server.url }, { connections: 1, signal });
		const close = driver.close as typeof postgres.close;
		t.teardown(() => close(client));
		const issue = (driver.repeat as typeof postgres.repeat)(client, repeat, 1);
		const operate: Operate = (n) =>
			new Promise((resolve) =>
				issue({
					n,
					signal,
					succeed: () => resolve({ kind: "ok" }),
					fail: (error) =>
						resolve({ ...outcomeOf(error, [driver]), said: (error as Error).message }),
				} as IssuedOperation),
			);
		await run(operate, server, name);
	}
}

const plain = (text: string): Statement => ({ text, values: [] });
const transaction = (...texts: string[]): Transaction => ({ transaction: texts.map(plain) });
/** What a server does to statements and transactions that it has nothing against. */
const answering = (statement: string, socket: Socket) =>
	socket.write(/^(begin|within)/.test(statement) ? doneWithin : done);

t.test("an operation that leaves its connection in a transaction fails, and is rolled back", (t) =>
	onBoth(t, ["begin", "x"], answering, async (operate, server, name) => {
		t.match(await operate(0), { kind: "fail", code: "in_transaction", said: /"begin" left/ }, name);
		t.match(await operate(1), { kind: "ok" }, name);
		t.same(server.received, ["begin", "rollback", "x"], name);
		t.equal(server.sessions.size, 1);
	}),
);

t.test("the statements of a transaction stay on one connection, and are one attempt", (t) =>
	onBoth(
		t,
		[transaction("begin", "within 1", "within 2", "commit")],
		answering,
		async (operate, server, name) => {
			t.match([await operate(0), await operate(1)], [{ kind: "ok" }, { kind: "ok" }], name);
			const once = ["begin", "within 1", "within 2", "commit"];
			t.same(server.received, [...once, ...once], name);
		},
	),
);

t.test("a transaction that the server aborts is rolled back at once: the next is well", (t) => {
	let refused = false;
	return onBoth(
		t,
		[transaction("begin", "within", "commit")],
		(statement, socket) => {
			if (statement !== "within" || refused) return answering(statement, socket);
			refused = true;
			return socket.write(refusal("ERROR", "40001", { within: true }));
		},
		async (operate, server, name) => {
			t.match(await operate(0), { kind: "fail", code: "40001" }, name);
			t.match(await operate(1), { kind: "ok" }, name);
			const [begin, within, rollback] = server.received;
			t.same([begin, within, rollback], ["begin", "within", "rollback"], name);
			t.equal(server.sessions.size, 1);
			refused = false;
		},
	);
});

t.test("a transaction that was lost before its commit was sent did not happen", (t) => {
	const losing = (at: string) => (statement: string, socket: Socket) => {
		if (statement === at) socket.resetAndDestroy();
		else answering(statement, socket);
	};
	const operations = [transaction("begin", "within", "commit")];
	return Promise.all([
		onBoth(t, operations, losing("within"), async (operate, _, name) => {
			t.match(await operate(0), { kind: "fail" }, name);
		}),
		onBoth(t, operations, losing("commit"), async (operate, _, name) => {
			t.match(await operate(0), { kind: "unknown" }, name);
		}),
	]);
});

t.test("no more is read of rows than where they end, for nobody asked for them", async (t) => {
	const answer = Buffer.concat([emptyRow, done]);
	const server = await fakePostgres(t, (_, socket) => socket.write(answer));
	const { signal } = new AbortController();
	const at = { kind: "postgres", url: server.url } as const;
	const client = await postgresWire.open(at, { connections: 1, signal });
	t.teardown(() => postgresWire.close(client));
	const repeat: Repeat = { kind: "postgres", statements: [plain("select x from y")] };
	const issue = await postgresWire.repeat(client, repeat, 1);
	const end = await new Promise((resolve) =>
		issue({ n: 0, signal, succeed: () => resolve("ok"), fail: resolve } as IssuedOperation),
	);
	t.equal(end, "ok");
	await t.rejects(
		client.query({ name: "q", text: "select" }, []),
		"those that are wanted are read",
	);
});

t.test("a COPY FROM STDIN is given up at once with the reason, and its connection stays", (t) =>
	onBoth(
		t,
		["copy", "x"],
		(statement, socket) => socket.write(statement === "copy" ? copyIn : done),
		async (operate, server, name) => {
			t.match(await operate(0), { kind: "fail", code: "57014" }, name);
			t.match(await operate(1), { kind: "ok" }, name);
			t.match(server.received, ["copy", /^no copy: a load has no data for COPY/, "x"], name);
			t.equal(server.sessions.size, 1);
		},
	),
);

t.test(
	"a statement that the server forgot, or that changed, is prepared again and succeeds",
	async (t) => {
		const rows: [code: string, routine: string][] = [
			["26000", "FetchPreparedStatement"],
			["0A000", "RevalidateCachedQuery"],
		];
		for (const [code, routine] of rows) {
			let refused = false;
			await onBoth(
				t,
				["x"],
				(statement, socket) => {
					const again = refused || statement !== "x";
					if (!again) refused = true;
					socket.write(again ? done : refusal("ERROR", code, { routine }));
				},
				async (operate, server, name) => {
					refused = true;
					t.match(await operate(0), { kind: "ok" });
					refused = false;
					t.match(await operate(1), { kind: "ok" }, `${name} ${code}`);
					t.equal(server.prepared.get("x"), 2, "once before and once after");
					t.match(await operate(2), { kind: "ok" });
					t.equal(server.prepared.get("x"), 2, "and no more");
				},
			);
		}
	},
);

t.test(
	"each statement that the server forgot is prepared again, of one transaction and later",
	(t) => {
		let forgotten: string[] = [];
		return onBoth(
			t,
			[transaction("begin", "within 1", "within 2", "commit")],
			(statement, socket) => {
				if (!forgotten.includes(statement)) return answering(statement, socket);
				forgotten = forgotten.filter((one) => one !== statement);
				return socket.write(
					refusal("ERROR", "26000", { routine: "FetchPreparedStatement", within: true }),
				);
			},
			async (operate, server, name) => {
				t.match(await operate(0), { kind: "ok" }, name);
				for (const round of [1, 2, 3]) {
					forgotten = ["within 1", "within 2"];
					t.match(await operate(round), { kind: "ok" }, `${name}, round ${round}`);
					t.equal(server.prepared.get("within 2"), 1 + round);
				}
			},
		);
	},
);

t.test(
	"what the server refused stays refused where the connection is lost before its rollback",
	(t) =>
		onBoth(
			t,
			[transaction("begin", "within", "commit")],
			(statement, socket) => {
				if (statement === "rollback") socket.resetAndDestroy();
				else if (statement === "within") socket.write(refusal("ERROR", "40001", { within: true }));
				else answering(statement, socket);
			},
			async (operate, _, name) => {
				t.match(await operate(0), { kind: "fail", code: "40001" }, name);
			},
		),
);

t.test("what is not supported at all is not tried for ever", (t) =>
	onBoth(
		t,
		["x"],
		(statement, socket) =>
			socket.write(
				statement === "x" ? refusal("ERROR", "0A000", { routine: "RevalidateCachedQuery" }) : done,
			),
		async (operate, server, name) => {
			t.match(await operate(0), { kind: "fail", code: "0A000" }, name);
			t.equal(server.prepared.get("x"), 2);
		},
	),
);

t.test("where a server has no TLS, prefer goes on without it, and require says so", async (t) => {
	const { signal } = new AbortController();
	for (const [name, driver] of Object.entries(drivers)) {
		const server = await fakePostgres(t, answering);
		const open = (mode: string) => {
			const at = { kind: "postgres", url: `${server.url}?sslmode=${mode}` } as const;
			return (driver.open as typeof postgres.open)(at, { connections: 2, signal });
		};
		const client = await open("prefer");
		t.equal(server.sessions.size, 2, name);
		await (driver.close as typeof postgres.close)(client);
		await t.rejects(open("require"), {
			code: "FLT_COMPONENT_MISSING",
			message: /2 connections to postgres at 127\.0\.0\.1:\d+\/db can't be made: .*not support SSL/,
			hint: /it has no TLS/,
		});
	}
});
