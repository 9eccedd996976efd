import { once } from "node:events";
import { connect, type Socket } from "node:net";
import t from "tap";
import type { FaultRecord } from "../../chaos/injection.ts";
import { ownerToken } from "../../daemon/home/owner-token.ts";
import { liveDaemon, until } from "../live/daemon.ts";

const lateMaxMs = 2_000;
const forMs = 1_000;

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const start = "/scenarios/retry-storm/start";

t.test("a fault heals in time, whatever is asked meanwhile", { timeout: 300_000 }, async (t) => {
	const daemon = await liveDaemon(t, { flags: ["--services", "redis"] });
	const { client } = daemon;
	const token = ownerToken(daemon.home);
	const post = (url: string, body: string, type = "application/json") =>
		fetch(client.url + url, {
			method: "POST",
			headers: { "content-type": type, authorization: `Bearer ${token}` },
			body,
		}).then((response) => response.text());
	const get = (url: string) => fetch(client.url + url).then((response) => response.text());
	const name = (length: number) => "n".repeat(length);
	const attacks: [what: string, ask: () => Promise<unknown>][] = [
		["a name of 990,000 letters", () => post(start, JSON.stringify({ [name(990_000)]: 5 }))],
		["a value as long", () => post(start, JSON.stringify({ seed: name(990_000) }))],
		["the longest name that is read", () => post(start, JSON.stringify({ [name(60_000)]: 5 }))],
		[
			"a kind as long",
			() => post("/faults", JSON.stringify({ kind: name(60_000), on: "x", forMs: 1_000 })),
		],
		["200,000 lists in each other", () => post(start, nested(200_000))],
		["the most that are read", () => post(start, nested(30_000))],
		[
			"many parameters",
			() =>
				post(
					start,
					JSON.stringify(Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`p${n}`, 1]))),
				),
		],
		["many words in a query", () => get(`${start}?${"a&".repeat(7_000)}`)],
		["a long name in a query", () => get(`${start}?${name(15_000)}=1`)],
		["a list of runs", () => get(`/runs/x/compare?repeat=${"a,".repeat(2_000)}`)],
		[
			"many alerts",
			() =>
				post(
					"/api/v2/alerts",
					JSON.stringify(Array(499).fill({ labels: { alertname: name(90), x: name(300) } })),
				),
		],
		["a query of runs beyond any number", () => get("/runs?limit=1e999")],
		["a file with NUL", () => post("/runs", JSON.stringify({ file: "/a\0.scenario.ts" }))],
	];
	for (const [what, ask] of attacks) {
		const fault = await client.post<FaultRecord>("/faults", {
			kind: "latency",
			on: "redis",
			params: { latencyMs: 5 },
			forMs,
		});
		const atMs = performance.now();
		let isOver = false;
		const asking = Promise.all(
			Array.from({ length: 4 }, async () => {
				while (!isOver) await ask().catch(() => {});
			}),
		);
		await until(async () => {
			const { faults } = await client.get<{ faults: FaultRecord[] }>("/faults");
			return !faults.some(({ id }) => id === fault.id);
		});
		isOver = true;
		const lateMs = performance.now() - atMs - forMs;
		await asking;
		t.ok(lateMs < lateMaxMs, `${what}: ${Math.round(lateMs)} ms after its end`);
	}
});

t.test(
	"a request that comes by drops is given up, and in our shape",
	{ timeout: 60_000 },
	async (t) => {
		const { client } = await liveDaemon(t, { flags: ["--services", "redis"] });
		const { hostname, port } = new URL(client.url);
		const head = `POST ${start} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n`;
		const ends: [sent: string, why: string][] = [
			["GET / HTTP/1.1\r\n", "a head without an end"],
			[`${head}content-length: 100\r\n\r\n{`, "a body without an end"],
		];
		await Promise.all(
			ends.map(async ([sent, why]) => {
				const socket: Socket = connect(Number(port), hostname);
				await once(socket, "connect");
				socket.write(sent);
				let text = "";
				for await (const bytes of socket.setEncoding("utf8")) text += bytes;
				t.match(text, /^HTTP\/1\.1 408 /, why);
				t.match(text, /"code":"FLT_TOO_SLOW"/);
			}),
		);
	},
);
