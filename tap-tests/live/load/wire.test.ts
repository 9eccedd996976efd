import fc from "fast-check";
import { Redis } from "ioredis";
import pg from "pg";
import t, { type Test } from "tap";
import type { Endpoint } from "../../../base/endpoint.ts";
import postgresWire from "../../../load/drivers/postgres-wire.ts";
import redisDriver from "../../../load/drivers/redis.ts";
import redisWire from "../../../load/drivers/redis-wire.ts";
import { outcomeOf } from "../../../load/outcome.ts";
import { anyCharacter } from "../../any-character.ts";
import { temporaryHome, until } from "../daemon.ts";
import { opened, up } from "../stack/stack-helper.ts";

t.setTimeout(60_000);

let redisAt: Endpoint;
let postgresAt: Endpoint;
t.before(async () => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["redis", "postgres"] });
	redisAt = up(stack, "redis").endpoint;
	postgresAt = up(stack, "postgres").endpoint;
});

const { signal } = new AbortController();
const urlOf = (at: Endpoint) => (at.kind === "kafka" ? "" : at.url);

async function redisWireClient(t: Test, connections: number) {
	const client = await redisWire.open(redisAt, { connections, signal });
	t.teardown(() => redisWire.close(client));
	return client;
}

async function postgresWireClient(t: Test, connections: number) {
	const client = await postgresWire.open(postgresAt, { connections, signal });
	t.teardown(() => postgresWire.close(client));
	return client;
}

const key = fc.constantFrom("a", "b", "c");
const text = fc.string({ unit: anyCharacter, maxLength: 100 });
const commands = fc.oneof(
	fc.tuple(fc.constant("SET"), key, text),
	fc.tuple(fc.constant("GET"), key),
	fc.tuple(fc.constant("DEL"), key),
	fc.tuple(fc.constant("RPUSH"), key, text, text),
	fc.tuple(fc.constant("LRANGE"), key, fc.constant("0"), fc.constant("-1")),
	fc.tuple(fc.constant("INCR"), key),
	fc.tuple(fc.constant("MGET"), key, key),
	fc.tuple(fc.constant("EVAL"), fc.constant("return {1,{'x',false},{}}"), fc.constant("0")),
	fc.tuple(fc.constant("NOPE"), text),
	fc.tuple(fc.constant("PING")),
);

t.test(
	"redis-wire answers any sequence of commands as ioredis does, one by one or together",
	async (t) => {
		const client = await redisWireClient(t, 1);
		const library = new Redis(urlOf(redisAt), { stringNumbers: false });
		t.teardown(() => library.disconnect());
		const asData = (value: unknown) => (value instanceof Error ? `error ${value.message}` : value);
		await fc.assert(
			fc.asyncProperty(
				fc.array(commands, { minLength: 1, maxLength: 20 }),
				fc.boolean(),
				async (sequence, together) => {
					await library.flushall();
					const expected: unknown[] = [];
					for (const [name, ...args] of sequence)
						expected.push(asData(await library.call(name, ...args).catch((error) => error)));
					await library.flushall();
					const seen: unknown[] = [];
					const run = (words: readonly string[]) => client.command(words).catch((error) => error);
					if (together) seen.push(...(await Promise.all(sequence.map(run))).map(asData));
					else for (const words of sequence) seen.push(asData(await run(words)));
					if (JSON.stringify(seen) !== JSON.stringify(expected))
						throw new Error(`${JSON.stringify(seen)}, ioredis: ${JSON.stringify(expected)}`);
				},
			),
			{ numRuns: 60 },
		);
	},
);

t.test("a reply in many pieces is one reply", async (t) => {
	const client = await redisWireClient(t, 1);
	const long = "é".repeat(300_000);
	await client.command(["SET", "long", long]);
	const values = await Promise.all([
		client.command(["GET", "long"]),
		client.command(["PING"]),
		client.command(["GET", "long"]),
	]);
	t.ok(values[0] === long && values[1] === "PONG" && values[2] === long);
});

t.test(
	"a Redis error is a fail, a lost connection unknown, and the next command has a new one",
	async (t) => {
		for (const [name, driver] of Object.entries({ redis: redisDriver, "redis-wire": redisWire })) {
			const client = (await driver.open(redisAt, { connections: 1, signal })) as Awaited<
				ReturnType<typeof redisWire.open>
			>;
			t.teardown(() => client.close());
			const failure = (words: string[]) =>
				client.command(words).then(
					() => null,
					(error: unknown) => outcomeOf(error, [driver]),
				);
			await client.command(["DEL", "list"]);
			await client.command(["RPUSH", "list", "x"]);
			t.same(await failure(["INCR", "list"]), { kind: "fail", code: "WRONGTYPE" }, name);
			const blocked = failure(["BLPOP", "nothing", "30"]);
			const killer = new Redis(urlOf(redisAt));
			await until(async () => String(await killer.call("CLIENT", "LIST")).includes("cmd=blpop"));
			await killer.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
			killer.disconnect();
			t.match(await blocked, { kind: "unknown" }, name);
		}
		const client = await redisWireClient(t, 1);
		t.equal(await client.command(["PING"]), "PONG");
	},
);

t.test("postgres-wire answers prepared statements as pg does", async (t) => {
	const client = await postgresWireClient(t, 2);
	const library = new pg.Client({
		connectionString: urlOf(postgresAt),
		// Values as the server wrote them, for both.
		types: { getTypeParser: () => (value: string) => value },
	});
	await library.connect();
	t.teardown(() => library.end());
	const value = fc.oneof(
		fc.constant(null),
		fc.string({ unit: anyCharacter, maxLength: 60 }).map((text) => text.replaceAll("\0", "")),
		fc.integer().map(String),
	);
	const statements = fc.constantFrom(
		"select $1::text as a, $2::text as b",
		"select $1::text, length($2::text), null::int from generate_series(1, 3)",
		"select $1::int + 1, $2::text",
		"select 1 where $1::text = $2::text",
	);
	await fc.assert(
		fc.asyncProperty(statements, value, value, async (text, a, b) => {
			const asText = (error: unknown) => `error ${(error as { code?: string }).code}`;
			const expected = await library
				.query({ text, values: [a, b], rowMode: "array" })
				.then(({ rows }) => rows as unknown, asText);
			const seen = await client.query({ name: `s${text.length}`, text }, [a, b]).catch(asText);
			if (JSON.stringify(seen) !== JSON.stringify(expected))
				throw new Error(`${JSON.stringify(seen)}, pg: ${JSON.stringify(expected)}`);
		}),
		{ numRuns: 150 },
	);
	t.pass();
});

t.test(
	"a statement that fails leaves its connection usable, one that ends the session does not",
	async (t) => {
		const client = await postgresWireClient(t, 1);
		const outcome = (name: string, text: string, values: string[] = []) =>
			client.query({ name, text }, values).then(
				(rows) => rows as unknown,
				(error: unknown) => outcomeOf(error, [postgresWire]),
			);
		t.same(await outcome("wrong", "select nonsense"), { kind: "fail", code: "42703" });
		t.same(await outcome("wrong", "select nonsense"), { kind: "fail", code: "42703" }, "and again");
		t.same(await outcome("div", "select 1 / $1::int", ["0"]), { kind: "fail", code: "22012" });
		t.same(await outcome("div", "select 1 / $1::int", ["1"]), [["1"]], "prepared once, used again");
		t.match(await outcome("kill", "select pg_terminate_backend(pg_backend_pid())"), {
			kind: "unknown",
			code: "57P01",
		});
		t.same(await outcome("one", "select 1"), [["1"]], "on a new connection");
		t.equal(client.attempts, 6);
	},
);

t.test("opening fails where nothing answers, and says so", async (t) => {
	const nowhere = { connections: 2, signal };
	await t.rejects(redisWire.open({ kind: "redis", url: "redis://127.0.0.1:9" }, nowhere), {
		code: "FLT_COMPONENT_MISSING",
		message: /2 connections to redis:\/\/127\.0\.0\.1:9 can't be made: .*ECONNREFUSED/,
	});
	await t.rejects(
		postgresWire.open({ kind: "postgres", url: "postgres://x@127.0.0.1:9/x" }, nowhere),
		{ code: "FLT_COMPONENT_MISSING", message: /ECONNREFUSED/ },
	);
});
