import {
	chmodSync,
	chownSync,
	mkdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	writeFileSync,
} from "node:fs";
import net from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { identifySelf } from "../../../base/process.ts";
import { serviceIds } from "../../../base/services.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { askBrokers } from "../../../daemon/stack/ask-brokers.ts";
import { loadServices } from "../../../daemon/stack/load-services.ts";
import { choosePorts, isFree, PortClaims } from "../../../daemon/stack/ports.ts";
import { fingerprintOf, readRecord, stayingUp, writeRecord } from "../../../daemon/stack/record.ts";
import { secretOf } from "../../../daemon/stack/secrets.ts";
import { linkLibraries } from "../../../daemon/stack/services/postgres.ts";
import { placeFor, programsFor, unprivilegedUser } from "../../../daemon/stack/unprivileged.ts";
import type { Cache } from "../../../daemon/tools/cache.ts";

const services = await loadServices();

function cacheWith(path: string): Cache {
	const signal = new AbortController().signal;
	return { folder: "/nowhere", progress: () => {}, env: { PATH: path }, signal };
}

/** Listens on a free port of loopback; each connection gets these bytes as its answer. */
async function server(t: Test, answer: Buffer | string): Promise<number> {
	const listening = net.createServer((socket) => socket.on("data", () => socket.write(answer)));
	const sockets: net.Socket[] = [];
	listening.on("connection", (socket) => sockets.push(socket));
	await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		listening.close();
	});
	return (listening.address() as net.AddressInfo).port;
}

/** What a broker answers when it is asked which brokers there are on these ports. */
function brokersAnswer(ports: number[]): Buffer {
	const int = (value: number) => Buffer.from(value.toString(16).padStart(8, "0"), "hex");
	const text = (value: string) =>
		Buffer.concat([int(value.length).subarray(2), Buffer.from(value)]);
	const rows = ports.flatMap((port, i) => [
		int(i + 1),
		text("127.0.0.1"),
		int(port),
		Buffer.from([0xff, 0xff]), // no rack
	]);
	const body = Buffer.concat([int(0), int(ports.length), ...rows]);
	return Buffer.concat([int(body.length), body]);
}

t.test("the services are the files of one folder", async (t) => {
	// The list of what scenarios can need, for the types, and the files: one can't have a service that the other lacks.
	t.same([...services.keys()], [...serviceIds, "toxiproxy"].sort());
});

const installed: [what: string, printed: string, used: boolean][] = [
	["recent enough", "Redis server v=7.0.15 sha=0 malloc=jemalloc bits=64", true],
	["the first that can keep its title", "Redis server v=6.2.0 sha=0", true],
	["too old to be marked", "Redis server v=6.0.16 sha=0", false],
];
for (const [what, printed, used] of installed)
	t.test(`a redis-server on the PATH is ${used ? "used" : "passed over"}: ${what}`, async (t) => {
		const folder = t.testdir({ "redis-server": `#!/bin/sh\necho "${printed}"\n` });
		chmodSync(join(folder, "redis-server"), 0o755);
		const redis = services.get("redis")!;
		const cache = cacheWith(folder);
		if (used) t.equal((await redis.fetch(cache)).path, join(folder, "redis-server"));
		else await t.rejects(redis.fetch(cache), { code: "FLT_COMPONENT_MISSING", hint: /apt-get/ });
		t.equal(redis.survey(cache).state, used ? "found" : "missing");
	});

t.test(
	"a Java too old for Kafka is named with its version, before anything is fetched",
	async (t) => {
		const folder = t.testdir({ java: "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n" });
		chmodSync(join(folder, "java"), 0o755);
		const kafka = services.get("kafka")!;
		await t.rejects(kafka.fetch(cacheWith(folder)), {
			code: "FLT_COMPONENT_MISSING",
			message: /java is version 11, Kafka 4 needs 17/,
		});
	},
);

t.test("a broker that is not in its cluster yet is not ready", async (t) => {
	const alone = await server(t, brokersAnswer([]));
	await t.rejects(askBrokers(`127.0.0.1:${alone}`, 1_000), /no broker yet/);
	const three = [9092, 9093, 9094];
	const port = await server(t, brokersAnswer(three));
	const addresses = three.map((each) => `127.0.0.1:${each}`);
	t.same(await askBrokers(`127.0.0.1:${port}`, 1_000), addresses);

	const kafka = services.get("kafka")!;
	const at = { kind: "kafka", brokers: [`127.0.0.1:${port}`] } as const;
	const endpoint = { ...at, brokers: [...at.brokers] };
	t.equal(await kafka.probe(endpoint, 1_000, "external"), null, "it may go by another name");
	await t.rejects(kafka.probe(endpoint, 1_000, "our"), /is not in its cluster yet/);
	const own = net.createServer((socket) =>
		socket.on("data", () => socket.write(brokersAnswer([9092, ownPort]))),
	);
	await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
	t.teardown(() => own.close());
	const ownPort = (own.address() as net.AddressInfo).port;
	const ours = { kind: "kafka", brokers: [`127.0.0.1:${ownPort}`] } as const;
	t.equal(await kafka.probe({ ...ours, brokers: [...ours.brokers] }, 1_000, "our"), null);
	const silent = await server(t, "");
	await t.rejects(askBrokers(`127.0.0.1:${silent}`, 50), /did not answer within 50 ms/);
});

t.test("an external Redis with a password is asked with it, and a refusal is told", async (t) => {
	const port = await server(t, "-WRONGPASS invalid username-password pair\r\n");
	const endpoint = { kind: "redis", url: `redis://me:secret@127.0.0.1:${port}` } as const;
	await t.rejects(services.get("redis")!.probe(endpoint, 1_000, "external"), {
		message: /redis:\/\/me:\*\*\*@.* refused: WRONGPASS/,
	});
});

t.test("a proxy leads to host and port of a URL, where it can", async (t) => {
	const direct = { kind: "postgres", url: "postgres://me:pw@db.example:6000/shop" } as const;
	const postgres = services.get("postgres")!;
	t.equal(postgres.upstreamOf(direct), "db.example:6000");
	t.equal(postgres.upstreamOf({ kind: "postgres", url: "postgres://db/shop" }), "db:5432");
	const kafka = services.get("kafka")!;
	t.equal(
		kafka.upstreamOf({ kind: "kafka", brokers: ["a:1"] }),
		null,
		"its clients would leave it",
	);
});

t.test(
	"ports are kept while they are free or the service's own, else new ones are taken",
	async (t) => {
		const claims = claimsOf(t);
		const first = await choosePorts(["a", "b"], {}, false, claims);
		t.equal(new Set(Object.values(first)).size, 2);
		t.ok(
			Object.values(first).every((port) => port < 32_768),
			"below the outgoing connections' range",
		);
		claims.releaseAll();
		t.same(await choosePorts(["a", "b"], first, false, claims), first);
		const busy = await server(t, "");
		t.equal(await isFree(busy), false);
		t.not((await choosePorts(["a"], { a: busy }, false, claims)).a, busy);
		t.equal((await choosePorts(["a"], { a: busy }, true, claims)).a, busy);
	},
);

t.test(
	"a port that one stack has chosen is no other's, before anything listens there",
	async (t) => {
		const [ours, theirs] = [claimsOf(t), claimsOf(t)];
		const { a: port } = await choosePorts(["a"], {}, false, ours);
		t.ok(await isFree(port!));
		t.equal(await theirs.claim(port!), false, "of another stack");
		t.equal(await ours.claim(port!), false, "of the same stack");
		t.not((await choosePorts(["a"], { a: port! }, false, theirs)).a, port);
		ours.releaseAll();
		t.equal((await choosePorts(["a"], { a: port! }, false, theirs)).a, port, "free when released");
	},
);

function claimsOf(t: Test): PortClaims {
	const claims = new PortClaims();
	t.teardown(() => claims.releaseAll());
	return claims;
}

t.test("a service's record is read back; without one, or a broken one, it has none", async (t) => {
	const home = openHome(t.testdir());
	const none = { ports: { direct: 1 }, fingerprint: "f", version: "1", process: null };
	const record = { ...none, process: identifySelf(), staysUp: false };
	writeRecord(home, "redis", record);
	t.same(readRecord(home, "redis"), record);
	t.same(stayingUp(home), []);
	writeRecord(home, "postgres", { ...record, staysUp: true });
	writeRecord(home, "toxiproxy", { ...none, staysUp: true });
	t.same(stayingUp(home), [record.process], "of those that stay up, who lives");
	t.match(readRecord(home, "kafka"), { ports: {}, process: null });
	writeFileSync(join(home.services, "redis.json"), "{");
	t.match(readRecord(home, "redis"), { process: null, staysUp: false });
	writeFileSync(join(home.services, "redis.json"), '{"ports":{"direct":1}}');
	t.match(readRecord(home, "redis"), { ports: { direct: 1 }, process: null, staysUp: false });
	const dead = { ...identifySelf(), startTime: 1 };
	writeRecord(home, "toxiproxy", { ...record, process: dead, staysUp: true });
	t.same(stayingUp(home), [record.process], "another process has that pid now");
});

t.test("each service of a home has a password of its own, for its owner's eyes", async (t) => {
	const folder = t.testdir({ one: {}, other: {} });
	const [home, other] = [openHome(join(folder, "one")), openHome(join(folder, "other"))];
	const file = join(home.services, "postgres.secret");
	const secret = secretOf(home, "postgres");
	t.match(secret, /^[\w-]{32}$/, "as it is in any URL");
	t.equal(statSync(file).mode & 0o777, 0o600);
	t.equal(secretOf(home, "postgres"), secret, "for whoever asks later");
	t.not(secretOf(home, "redis"), secret);
	t.not(secretOf(other, "postgres"), secret, "of another home");
	t.match(services.get("postgres")!.endpointAt("127.0.0.1:1", home), {
		url: `postgres://postgres:${secret}@127.0.0.1:1/postgres`,
	});
	writeFileSync(file, "");
	const another = secretOf(home, "postgres");
	t.match(another, /^[\w-]{32}$/, "a power cut has left an empty one");
	t.equal(secretOf(home, "postgres"), another);
	t.equal(statSync(file).mode & 0o777, 0o600);
});

t.test("another option, variable, file or user is another configuration", async (t) => {
	const launch = {
		file: "redis-server",
		args: ["--port", "1"],
		variables: {},
		folder: "/data",
		configuration: "",
		user: null,
		staleFiles: [],
		beforeStart: null,
	};
	const others = [
		{ args: ["--port", "2"] },
		{ variables: { LOG_LEVEL: "warn" } },
		{ configuration: "x" },
		{ user: { uid: 1, gid: 1 } },
		{ file: "/other/redis-server" },
	];
	const all = [launch, ...others.map((other) => ({ ...launch, ...other }))].map(fingerprintOf);
	t.equal(new Set(all).size, all.length);
	t.equal(fingerprintOf({ ...launch }), all[0]);
});

t.test(
	"libraries get the links that an install without scripts left out, and keep those there are",
	async (t) => {
		const links = ["libpq.so", "libpq.so.5"].map((name) => ({
			source: "native/lib/libpq.so.5.18",
			target: `native/lib/${name}`,
		}));
		const native = join(
			t.testdir({
				native: {
					lib: { "libpq.so.5.18": "library", "libpq.so.5": "library" },
					"pg-symlinks.json": JSON.stringify(links),
				},
			}),
			"native",
		);
		linkLibraries(native);
		linkLibraries(native);
		t.equal(readlinkSync(join(native, "lib", "libpq.so")), "libpq.so.5.18");
		t.throws(() => readlinkSync(join(native, "lib", "libpq.so.5")), { code: "EINVAL" });
	},
);

const asRoot = { skip: process.getuid?.() !== 0 && "only root has to step down" };

t.test(
	"a home that the service's user can't reach gets a closed folder outside",
	asRoot,
	async (t) => {
		const user = unprivilegedUser()!;
		t.ok(user.uid > 0);
		const folder = t.testdir({ open: {}, closed: {} });
		chmodSync(join(folder, "closed"), 0o700);
		const lines: string[] = [];
		const say = (line: string) => lines.push(line);

		const open = openHome(join(folder, "open"));
		t.equal(placeFor(open, "postgres", user, say), open.data("postgres"));
		t.same(lines, []);

		const closed = openHome(join(folder, "closed", "home"));
		const place = placeFor(closed, "postgres", user, say);
		t.teardown(async () =>
			(await import("node:fs/promises")).rm(closed.outside, { recursive: true }),
		);
		t.ok(place.startsWith(closed.outside));
		t.match(statSync(place), { uid: user.uid });
		t.equal(statSync(place).mode & 0o777, 0o700);
		t.match(statSync(closed.outside), { uid: 0 }, "its user can't put a link beside it");
		t.equal(statSync(closed.outside).mode & 0o777, 0o711);
		t.match(lines, [/stores its data in .*can't reach/]);

		mkdirSync(join(folder, "closed", "native", "bin"), { recursive: true });
		writeFileSync(join(folder, "closed", "native", "bin", "postgres"), "program", { mode: 0o755 });
		const native = join(folder, "closed", "native");
		const copied = () => programsFor(closed, native, "postgres-18", user, say);
		const copy = copied();
		const program = join(copy, "bin", "postgres");
		t.equal(statSync(program).mode & 0o777, 0o755);
		t.match(lines[1], /copied .* can't reach the original/);
		t.equal(copied(), copy);
		t.equal(lines.length, 2, "once");
		writeFileSync(program, "another");
		chownSync(copy, user.uid, user.gid);
		t.equal(copied(), copy);
		t.equal(readFileSync(program, "utf8"), "program", "what another user put there is not run");

		chmodSync(closed.outside, 0o777);
		t.throws(() => placeFor(closed, "postgres", user, say), { code: "FLT_COMPONENT_MISSING" });
	},
);
