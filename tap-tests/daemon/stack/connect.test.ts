import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Endpoint } from "../../../base/endpoint.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { secretOf } from "../../../daemon/stack/secrets.ts";
import type { LaunchContext } from "../../../daemon/stack/service.ts";
import connect from "../../../daemon/stack/services/connect.ts";
import { runNames } from "../../../scenarios/contract/names.ts";

const kafka: Endpoint = { kind: "kafka", brokers: ["127.0.0.1:1", "127.0.0.1:2"] };
const postgres: Endpoint = {
	kind: "postgres",
	url: "postgres://postgres:hush@127.0.0.1:3/postgres",
};

function contextOf(t: Test, isOurs: boolean | null): LaunchContext {
	const home = openHome(join(t.testdir(), "home"));
	const reach = (id: string) => {
		if (id === "postgres") return { endpoint: postgres, isOurs: true };
		return id === "kafka" && isOurs !== null ? { endpoint: kafka, isOurs } : null;
	};
	const component = { version: "1", source: "", path: "/cache/connect" };
	return { home, component, ports: { direct: 8083 }, env: {}, reach } as unknown as LaunchContext;
}

t.test(
	"its worker keeps what it knows in our Kafka, and no secret where others read",
	async (t) => {
		const context = contextOf(t, true);
		const { args, variables, configuration, folder } = await connect.prepare(context);
		const properties = readFileSync(join(folder, "connect.properties"), "utf8");
		t.match(properties, "bootstrap.servers=127.0.0.1:1,127.0.0.1:2\n");
		t.match(properties, "offset.storage.replication.factor=2\n", "a copy for each broker");
		t.match(properties, "plugin.path=/cache/connect/plugins\n");
		const secret = secretOf(context.home, "connect");
		t.notMatch(`${args.join(" ")}${properties}`, secret);
		t.notMatch(`${args.join(" ")}${configuration}`, "hush");
		t.match(
			variables,
			{ FLT_POSTGRES_PASSWORD: "hush" },
			"what a connector names is in its environment",
		);
		t.match(properties, "config.providers.env.param.allowlist.pattern=FLT_POSTGRES_PASSWORD\n");
		const users = join(folder, "users.properties");
		t.match(readFileSync(users, "utf8"), secret);
		t.equal(statSync(users).mode & 0o777, 0o600);
		t.match(connect.endpointAt("127.0.0.1:8083", context.home), {
			url: `http://faultline:${secret}@127.0.0.1:8083`,
		});
	},
);

t.test("it runs on a Kafka of ours alone: in another it would leave what it keeps", async (t) => {
	await t.rejects(connect.prepare(contextOf(t, false)), {
		code: "FLT_COMPONENT_MISSING",
		message: /our own kafka, which is external/,
	});
	await t.rejects(connect.prepare(contextOf(t, null)), { message: /which is not up/ });
});

t.test(
	"a run's connectors are stopped, and removed when no task of them works any more",
	async (t) => {
		const names = runNames("r-1");
		const own = `${names.topicPrefix}cdc`;
		const other = `${runNames("r-12").topicPrefix}cdc`;
		const asked: string[] = [];
		const count = (line: string) => asked.filter((one) => one === line).length;
		const list = "GET /connectors?expand=status";
		const [stop, remove] = [`PUT /connectors/${own}/stop`, `DELETE /connectors/${own}`];
		/** Its group settles, and refuses twice; then its task goes on for three looks. */
		const statusOf = () => {
			const state = count(stop) < 3 ? "RUNNING" : "STOPPED";
			const looks = asked.slice(asked.lastIndexOf(stop)).filter((one) => one === list).length;
			const tasks = state === "STOPPED" && looks > 3 ? [] : [{ state: "RUNNING" }];
			return { status: { connector: { state }, tasks } };
		};
		const server = createServer(({ method, url }, response) => {
			asked.push(`${method} ${url}`);
			if (method === "PUT") return response.writeHead(count(stop) < 3 ? 409 : 202).end();
			if (method === "DELETE") return response.writeHead(count(remove) < 3 ? 409 : 204).end();
			const all = { [other]: statusOf(), ...(count(remove) < 3 ? { [own]: statusOf() } : {}) };
			return response.end(JSON.stringify(all));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		t.teardown(() => server.close());
		const { port } = server.address() as AddressInfo;
		await connect.cleanRun!({ kind: "http", url: `http://me:pw@127.0.0.1:${port}` }, names);
		const between = asked.slice(asked.lastIndexOf(stop) + 1, asked.indexOf(remove));
		t.same(between, [list, list, list, list], "while its task works it is not removed");
		t.equal(asked.at(-1), list, "it looked whether it is gone");
		t.notOk(
			asked.some((line) => line.includes(`/${other}`)),
			"another run's is left alone",
		);
	},
);
