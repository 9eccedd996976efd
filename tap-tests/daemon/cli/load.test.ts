import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import t, { type Test } from "tap";
import type { LoadResult } from "../../../load/result.ts";
import { untapped } from "../../untapped.ts";
import { command } from "./command.ts";

// What `faultline load` says where nothing works at all: never that it passed.

async function listening(t: Test, server: Server): Promise<string> {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => void server.close());
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers every request, or every line, with the same. */
const answering = (status: number) =>
	createHttpServer((_, response) => response.writeHead(status, { connection: "close" }).end());
const saying = (answer: string) =>
	createServer((socket) => {
		socket.on("error", () => {});
		socket.on("data", () => socket.write(answer));
	});
const silent = () => createServer((socket) => void socket.on("error", () => {}));

const short = ["--rate", "50", "--duration", "300ms", "--connections", "4", "--deadline", "100ms"];

async function load(t: Test, argv: string[]) {
	const { code, out, err } = await command(t, ["load", ...argv, "--quiet", "--json"]);
	return { code, err, result: out === "" ? null : (JSON.parse(out) as LoadResult) };
}

t.test(
	"nothing succeeds: failed, exit 10, with the commonest error and what it said",
	async (t) => {
		const rows: [server: Server, scheme: string, said: RegExp, why: string][] = [
			[
				answering(500),
				"http",
				/http_500 \d+; http_500 said: 500 Internal Server Error/,
				"500 to all",
			],
			[answering(401), "http", /http_401 said: 401 Unauthorized/, "401 to all"],
			[silent(), "http", /deadline said: not ended within 100 ms/, "no answer, ever"],
			[saying("-ERR not today\r\n"), "redis", /ERR said: ERR not today/, "an error to all"],
		];
		for (const [server, scheme, said, why] of rows) {
			const at = await listening(t, server);
			const ask = async () => {
				const { code, result } = await load(t, [`${scheme}://${at}/`, ...short]);
				const reason = result?.reasons.find((reason) => reason.code === "nothing_ok");
				return { code, verdict: result?.verdict, message: reason?.message ?? "" };
			};
			let told = await ask();
			// Where others have the processor, most answers come after the deadline, and that is commonest then.
			for (let tries = 0; tries < 4 && !said.test(told.message); tries++) told = await ask();
			t.match(told, { code: 10, verdict: "failed", message: said }, why);
			if (server instanceof createHttpServer().constructor)
				(server as ReturnType<typeof createHttpServer>).closeAllConnections();
		}
	},
);

t.test("nobody is there: not passed, and the address is named", async (t) => {
	const at = await listening(t, createServer());
	const gone = at.replace(/\d+$/, "1");
	const { code, result, err } = await load(t, [`http://${gone}/`, ...short]);
	t.not(code, 0);
	t.match(JSON.stringify(result) + err, /ECONNREFUSED/);
});

t.test("a search against what never works finds nothing: failed, exit 10", async (t) => {
	const at = await listening(t, answering(500));
	const search = ["--find-max", "p99<1s", "--rate", "4", "--duration", "300ms"];
	const { code, result } = await load(t, [`http://${at}/`, ...search]);
	t.equal(code, 10, JSON.stringify(result?.reasons));
	t.equal(result?.max?.rate_per_sec, null);
	t.match(JSON.stringify(result?.reasons), /no rate was found at which it is met/);
});

t.test("an objective is not met by what failed quickly", async (t) => {
	let n = 0;
	const server = createHttpServer((_, response) =>
		response.writeHead(n++ % 2 === 0 ? 500 : 200).end(),
	);
	const at = await listening(t, server);
	const ask = () => load(t, [`http://${at}/`, ...short, "--objective", "p90<1s"]);
	let { code, result } = await ask();
	// Where the generator was late for most of them, nothing is told.
	for (let tries = 0; tries < 4 && code === 12; tries++) ({ code, result } = await ask());
	server.closeAllConnections();
	t.equal(code, 10, JSON.stringify(result?.reasons));
	t.match(JSON.stringify(result?.reasons), /p90<1s: it has no p90, for [\d.]+ % were not ok/);
});

const skip = !existsSync("/dev/full");
t.test("output that can't be written is said in a line, and no success", { skip }, async (t) => {
	const at = await listening(t, answering(200));
	const full = openSync("/dev/full", "w");
	t.teardown(() => closeSync(full));
	const child = spawn(
		...untapped(
			process.execPath,
			"daemon/cli/main.ts",
			"load",
			`http://${at}/`,
			...short,
			"--quiet",
		),
		{ stdio: ["ignore", full, "pipe"] },
	);
	const ended = once(child, "exit");
	const said = await textOf(child.stderr!);
	const [code] = await ended;
	t.equal(code, 12);
	t.match(said, /^faultline: FLT_COMPONENT_LOST: the output can't be written: ENOSPC.*\n$/);
});

const unlimited = !existsSync("/proc/self/limits");
t.test(
	"connections that may not be opened are refused before the load, with the limit's name",
	{ skip: unlimited },
	async (t) => {
		const at = await listening(t, answering(200));
		const argv = ["load", `http://${at}/`, "--rate", "50", "--connections", "300", "--quiet"];
		const child = spawn(
			...untapped(
				"sh",
				"-c",
				'ulimit -n 256 && exec "$@"',
				"sh",
				process.execPath,
				"daemon/cli/main.ts",
				...argv,
			),
			{ stdio: ["ignore", "ignore", "pipe"] },
		);
		const ended = once(child, "exit");
		const said = await textOf(child.stderr!);
		t.same(await ended, [2, null]);
		t.match(said, /--connections 300 needs about 344 open files, and this process may open 256/);
		t.match(said, /ulimit -n 344/);
	},
);

t.test("a file for the histogram that can't be written is known before the load", async (t) => {
	const at = await listening(t, answering(200));
	const { code, err } = await load(t, [`http://${at}/`, ...short, "--hlog", "/no/such/folder/x"]);
	t.equal(code, 2);
	t.match(err, /--hlog \/no\/such\/folder\/x: ENOENT/);
});

t.test("a replay that is longer than what is measured says what it left out", async (t) => {
	const folder = t.testdir({ "log.txt": "0\n100\n299\n300\n1500\n" });
	const at = await listening(t, answering(200));
	const replay = ["--arrival", `replay:${join(folder, "log.txt")}`, "--duration", "300ms"];
	const { result } = await load(t, [`http://${at}/`, ...replay]);
	t.equal(result?.due_count, 3);
	t.match(result?.notes, [
		/^2 operations of .*log\.txt were due after.*: --duration 2s takes them/,
	]);
	const longer = await load(t, [`http://${at}/`, ...replay.slice(0, 2), "--duration", "1501ms"]);
	t.match(longer.result, { due_count: 5 });
	t.same(longer.result?.notes, []);
});

t.test("nothing that a terminal obeys is in what a person reads of a load", async (t) => {
	const log = join(t.testdir(), "l\u001b[2Jog.txt");
	writeFileSync(log, "0\n1500\n");
	const at = await listening(t, answering(200));
	const replay = ["--arrival", `replay:${log}`, "--duration", "300ms"];
	const { out, err } = await command(t, ["load", `http://${at}/`, ...replay]);
	t.match(out, /l\\u001b\[2Jog\.txt were due after/);
	t.notOk(`${out}${err}`.includes("\u001b"));
});

t.test("a load without an operation is a mistake of the command line", async (t) => {
	const folder = t.testdir({ "late.txt": "5000\n6000\n", "empty.txt": "# nothing\n" });
	const at = await listening(t, answering(200));
	const rows: [argv: string[], said: RegExp][] = [
		[
			["--arrival", `replay:${join(folder, "late.txt")}`, "--duration", "1s"],
			/no operation from 0 s to 1 s/,
		],
		[["--arrival", `replay:${join(folder, "empty.txt")}`], /has no times/],
		[["--rate", "0.1", "--warmup", "1s", "--duration", "2s"], /no operation from 1 s to 3 s/],
		[["--rate", "1", "--arrival", `replay:${join(folder, "late.txt")}`], /which has its own/],
		[["--rate", "1", "--deadline", "0s"], /--deadline is 0s/],
		[["--rate", "1", "--duration", "0s"], /--duration is 0s/],
		[["--rate", "1", "--workers", "65"], /--workers is "65"/],
		[["--rate", "1", "--workers", "3", "--connections", "2"], /3 with --connections 2: each/],
		[["--rate", "1", "--workers", "3", "--in-flight", "2"], /3 with --in-flight 2: each/],
		[["--objective", "p99<1s", "--find-max", "p99<1s"], /--objective beside --find-max/],
	];
	for (const [argv, said] of rows) {
		const { code, err } = await load(t, [`http://${at}/`, ...argv]);
		t.equal(code, 2);
		t.match(err, said);
	}
});
