import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import t, { type Test } from "tap";
import {
	Connector,
	type Noted,
} from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/connector.ts";

/** As Connect answers, of one connector, of which it has no status at first. */
class Worker {
	config: Record<string, string> | null = null;
	hasStatus = false;
	state = "RUNNING";
	/** How often offsets can't be let go of yet. */
	tasksEndAfter = 1;
	readonly asked: string[] = [];

	answer(method: string, path: string, body: string): [status: number, body?: unknown] {
		this.asked.push(`${method} ${path}`);
		switch (`${method} ${path}`) {
			case "POST /connectors": {
				if (this.config !== null) return [409];
				const made = JSON.parse(body) as { name: string; config: Record<string, string> };
				if (made.name !== "lake") return [400, "that is not its name"];
				this.config = made.config;
				return [201];
			}
			case "GET /connectors/lake/status":
				if (this.config === null || !this.hasStatus) return [404];
				return [200, { connector: { state: "RUNNING" }, tasks: [{ state: this.state }] }];
			case "GET /connectors/lake/config":
				return this.config === null ? [404] : [200, this.config];
			case "PUT /connectors/lake/stop":
				return [204];
			case "DELETE /connectors/lake/offsets":
				return [this.tasksEndAfter-- > 0 ? 400 : 200];
			case "DELETE /connectors/lake":
				this.config = null;
				return [204];
			default:
				return [204];
		}
	}
}

/** A worker that listens, and a consumer's view of its connector; each time it notes, it notes the next number. */
async function connect(t: Test): Promise<{ worker: Worker; connector: () => Connector }> {
	const worker = new Worker();
	const server = createServer(async (request, response) => {
		const [status, body] = worker.answer(request.method!, request.url!, await text(request));
		response.writeHead(status).end(body === undefined ? "" : JSON.stringify(body));
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	t.teardown(() => server.close());
	const { port } = server.address() as AddressInfo;
	const at = { connectUrl: `http://someone:else@127.0.0.1:${port}`, connector: "lake" };
	let offset = 0;
	const note = async (): Promise<Noted> => ({ offset: ++offset, files: { orders: [7] } });
	return { worker, connector: () => new Connector(at, { "topic.prefix": "cdc" }, note) };
}

t.test("what was noted before a connector was made is what every consumer finds", async (t) => {
	const { worker, connector } = await connect(t);
	const first = connector();
	t.equal(await first.noted(), undefined, "nobody knows before it is there");
	await first.look();
	t.match(worker.config, { "topic.prefix": "cdc" });
	t.same(await first.noted(), { offset: 1, files: { orders: [7] } });

	await first.look();
	await connector().look();
	t.ok(worker.asked.filter((one) => one === "POST /connectors").length > 1, "it had no status yet");
	t.same(await connector().noted(), { offset: 1, files: { orders: [7] } }, "and is left alone");
});

t.test("one that begins anew is noted anew, once its tasks have ended", async (t) => {
	const { worker, connector } = await connect(t);
	await connector().look();
	await connector().remove();
	t.equal(worker.config, null);
	t.equal(worker.asked.filter((one) => one.endsWith("/offsets")).length, 2);
	t.equal(await connector().noted(), undefined);
	await connector().look();
	t.match(await connector().noted(), { offset: 2 });
});

t.test("of one that somebody else has made nothing was noted", async (t) => {
	const { worker, connector } = await connect(t);
	worker.config = { "topic.prefix": "cdc" };
	await connector().look();
	t.equal(await connector().noted(), null);
});

t.test("a task that has failed is started again", async (t) => {
	const { worker, connector } = await connect(t);
	await connector().look();
	worker.hasStatus = true;
	await connector().look();
	const restarts = () => worker.asked.filter((one) => one.includes("/restart")).length;
	t.equal(restarts(), 0, "one that runs is not");
	worker.state = "FAILED";
	await connector().look();
	t.equal(restarts(), 1);
});
