import http from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { type Toxic, ToxiproxyClient } from "../../toxiproxy/client.ts";

interface Seen {
	method: string;
	url: string;
	body: unknown;
}

/** A server that keeps what it was asked and answers as told; no answer at all for null. */
async function fakeServer(
	t: Test,
	answer: (seen: Seen) => { status: number; body?: unknown } | null,
) {
	const asked: Seen[] = [];
	const server = http.createServer((request, response) => {
		let text = "";
		request.on("data", (chunk) => {
			text += chunk;
		});
		request.on("end", () => {
			const seen = { method: request.method!, url: request.url!, body: text && JSON.parse(text) };
			asked.push(seen);
			const told = answer(seen);
			if (told === null) return;
			response.statusCode = told.status;
			response.end(told.body === undefined ? "" : JSON.stringify(told.body));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { asked, url };
}

const slow: Toxic = {
	name: "slow",
	type: "latency",
	stream: "downstream",
	toxicity: 0.5,
	attributes: { latency: 100, jitter: 10 },
};
const proxy = { name: "p", listen: "127.0.0.1:1", upstream: "127.0.0.1:2", enabled: true };

t.test(
	"each call is one request on one proxy, and a reset of them all is never sent",
	async (t) => {
		const { asked, url } = await fakeServer(t, ({ method, url }) => {
			if (url === "/version") return { status: 200, body: { version: "2.12.0" } };
			if (url === "/proxies" && method === "GET") return { status: 200, body: { p: proxy } };
			return {
				status: method === "DELETE" ? 204 : 200,
				body: method === "DELETE" ? undefined : proxy,
			};
		});
		const client = new ToxiproxyClient(`${url}/`);
		t.equal(await client.version(), "2.12.0");
		t.same(await client.listProxies(), [proxy]);
		t.match(await client.createProxy(proxy), { listen: "127.0.0.1:1", toxics: [] });
		t.same(await client.getProxy("p"), proxy);
		await client.setEnabled("p", false);
		await client.addToxic("p", slow);
		await client.removeToxic("p", "slow");
		await client.deleteProxy("p");
		t.same(
			asked.map(({ method, url }) => `${method} ${url}`),
			[
				"GET /version",
				"GET /proxies",
				"POST /proxies",
				"GET /proxies/p",
				"POST /proxies/p",
				"POST /proxies/p/toxics",
				"DELETE /proxies/p/toxics/slow",
				"DELETE /proxies/p",
			],
		);
		t.same(asked[4]?.body, { enabled: false });
		t.same(asked[5]?.body, slow);
	},
);

t.test("what is gone already is removed all the same, and reads as null", async (t) => {
	const { url } = await fakeServer(t, () => ({ status: 404, body: { error: "proxy not found" } }));
	const client = new ToxiproxyClient(url);
	await client.removeToxic("p", "slow");
	await client.deleteProxy("p");
	t.equal(await client.getProxy("p"), null);
	await t.rejects(
		client.addToxic("p", slow),
		{ code: "FLT_NOT_FOUND" },
		"but nothing can be added to it",
	);
});

t.test("a refusal tells what the server said", async (t) => {
	const { url } = await fakeServer(t, () => ({
		status: 409,
		body: { error: "toxic already exists" },
	}));
	const refused = { code: "FLT_CONFLICT", message: /POST .*toxics with 409.*toxic already exists/ };
	await t.rejects(new ToxiproxyClient(url).addToxic("p", slow), refused);
});

t.test("a server that says nothing is given up on at the limit", async (t) => {
	const { url } = await fakeServer(t, () => null);
	const lost = { code: "FLT_COMPONENT_LOST", message: /no answer within 50 ms/ };
	await t.rejects(new ToxiproxyClient(url, 50).listProxies(), lost);
});

t.test("a server that is away is named, with what to do", async (t) => {
	const client = new ToxiproxyClient("http://127.0.0.1:1");
	const lost = {
		code: "FLT_COMPONENT_LOST",
		message: /127.0.0.1:1.*ECONNREFUSED/,
		hint: /stack up/,
	};
	await t.rejects(client.removeToxic("p", "slow"), lost);
});
