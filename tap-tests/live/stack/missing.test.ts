import { symlinkSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import t from "tap";
import { temporaryHome } from "../daemon.ts";
import { roundTrip } from "./round-trips.ts";
import { opened, up } from "./stack-helper.ts";

t.setTimeout(120_000);

t.test(
	"without Java, Maven and Go the rest starts, and each missing one says how to get it",
	async (t) => {
		const path = process.env.PATH;
		const folder = t.testdir({ bin: {}, cache: {} });
		for (const tool of ["id", "test", "sh"])
			symlinkSync(`/usr/bin/${tool}`, join(folder, "bin", tool));
		process.env.PATH = join(folder, "bin");
		delete process.env.JAVA_HOME;
		t.teardown(() => {
			process.env.PATH = path;
		});
		const home = temporaryHome(t);
		const { stack, lines } = await opened(t, home, { flags: { cache: join(folder, "cache") } });
		const status = stack.status();
		t.match(status.kafka, { state: "missing", tried: /mvn|java/, fix: /install Java 17 .* Maven/ });
		t.match(status.toxiproxy, { state: "missing", tried: /go/, fix: /install Go/ });
		t.match(status.redis, {
			state: "missing",
			tried: /mvn/,
			fix: /apt-get/,
		});
		t.match(lines.join("\n"), /kafka is missing: .*install Java/);
		const { how, endpoint, proxied } = up(stack, "postgres");
		t.equal(how, "native");
		await roundTrip(endpoint);
		t.equal(proxied, null, "no Toxiproxy, no path through it");
	},
);

t.test(
	"an external service is used as it is, through our own proxy, and outlives the stack",
	async (t) => {
		const owner = temporaryHome(t);
		const { stack: others } = await opened(t, owner, { only: ["redis", "toxiproxy"] });
		const urlOf = (id: "redis" | "toxiproxy") => {
			const { endpoint } = up(others, id);
			return endpoint.kind === "kafka" ? "" : endpoint.url;
		};
		const home = temporaryHome(t);
		const { stack } = await opened(t, home, {
			only: ["redis", "toxiproxy"],
			flags: { redisUrl: urlOf("redis"), toxiproxyUrl: urlOf("toxiproxy") },
		});
		const redis = up(stack, "redis");
		t.match(redis, { how: "external", root: null, version: /^\d/ });
		await roundTrip(redis.endpoint);
		await roundTrip(redis.proxied!);
		await t.rejects(stack.restart("redis"), { code: "FLT_NO_PATH" });
		await stack.close();
		await roundTrip(up(others, "redis").endpoint);
		await roundTrip(up(others, "redis").proxied!);
		await t.rejects(roundTripOnce(redis.proxied!), "our proxy is withdrawn, the owner's is not");
	},
);

function roundTripOnce(endpoint: { kind: string; url?: string }): Promise<void> {
	const { port } = new URL(endpoint.url ?? "");
	return new Promise((resolve, reject) => {
		const socket = net.connect(Number(port), "127.0.0.1", () => {
			socket.destroy();
			resolve();
		});
		socket.on("error", reject);
	});
}

t.test(
	"an external service that is away is missing, with the reason and without its password",
	async (t) => {
		const home = temporaryHome(t);
		const { stack, lines } = await opened(t, home, {
			only: ["postgres"],
			flags: { postgresUrl: "postgres://bench:hunter2@127.0.0.1:1/db" },
		});
		const state = stack.status().postgres;
		t.match(state, { state: "missing", tried: /bench:\*\*\*@127.0.0.1:1.*ECONNREFUSED/ });
		t.notMatch(lines.join("\n"), /hunter2/);
	},
);
