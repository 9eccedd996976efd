import http, { type RequestListener } from "node:http";
import t, { type Test } from "tap";
import { monotonicMs } from "../../../base/clock.ts";
import { type Routes, serve } from "../../../chaos/subject/serve.ts";

const servers: Routes = {
	"GET /orders/:id": ({ params }) => ({ id: params.id ?? null }),
	"POST /orders": async ({ json }) => ({ status: 201, body: await json() }),
	"POST /fails": () => {
		throw new Error("the disk is full");
	},
	"GET /list": () => [1, 2],
	"GET /nothing": () => null,
};

async function served(t: Test, routes = servers) {
	const said: string[] = [];
	const log = t.capture(console, "log", (line: string) => void said.push(line));
	process.env.FLT_PORT = "0";
	// A subject serves until its process ends; a test's process goes on.
	const { createServer } = http;
	const create = t.capture(http, "createServer", (listener: RequestListener) => {
		const server = createServer(listener);
		t.teardown(() => server.close());
		return server;
	});
	const port = await serve(routes);
	create.restore();
	log.restore();
	return { said, url: `http://127.0.0.1:${port}`, port };
}

async function ask(url: string, init: RequestInit = {}) {
	const response = await fetch(url, { headers: { connection: "close" }, ...init });
	return { status: response.status, body: await response.json() };
}

t.test("routes answer with JSON, and the ready line names the port", async (t) => {
	const { said, url, port } = await served(t);
	t.same(said, [`FLT_READY {"port":${port}}`]);
	t.same(await ask(`${url}/orders/a%20b?x=1`), { status: 200, body: { id: "a b" } });
	t.same(await ask(`${url}/orders`, { method: "POST", body: '{"n":1}' }), {
		status: 201,
		body: { n: 1 },
	});
	t.same(await ask(`${url}/list`), { status: 200, body: [1, 2] });
	t.same(await ask(`${url}/nothing`), { status: 200, body: null });
});

t.test("what follows the question mark is parsed, whatever stands in it", async (t) => {
	const { url } = await served(t, { "GET /asked": ({ query }) => [...query] });
	t.same((await ask(`${url}/asked?a=1&b=%27%3F&a=2`)).body, [
		["a", "1"],
		["b", "'?"],
		["a", "2"],
	]);
	t.same((await ask(`${url}/asked`)).body, []);
});

t.test("a request tells when it came, by the clock of the whole machine", async (t) => {
	const { url } = await served(t, { "GET /when": ({ arrivedMs }) => arrivedMs });
	const beforeMs = monotonicMs();
	const { body } = await ask(`${url}/when`);
	t.ok(Number(body) >= beforeMs && Number(body) <= monotonicMs());
});

t.test("what goes wrong has a status and says why", async (t) => {
	const { url } = await served(t);
	t.match(await ask(`${url}/orders`, { method: "POST", body: "{" }), {
		status: 400,
		body: { error: /no JSON/ },
	});
	t.match(await ask(`${url}/fails`, { method: "POST" }), {
		status: 500,
		body: { error: /the disk is full/ },
	});
	t.match(await ask(`${url}/orders/1/2`), { status: 404, body: { error: /no route for GET/ } });
	t.match(await ask(`${url}/list`, { method: "POST" }), { status: 404 });
	const all = await served(t, { "*": () => "any" });
	t.same(await ask(`${all.url}/what/ever`), { status: 200, body: "any" });
});

t.test("a route that no request could match is refused when it is said", async (t) => {
	for (const route of ["/orders", "get /orders", "GET orders", "GET  /orders", "POST /a b", ""])
		t.throws(() => serve({ [route]: () => null }), {
			message: `no request matches the route "${route}": it is a method and a path, such as "GET /orders/:id", or "*"`,
		});
});

t.test(
	"a path with an escape that stands for nothing is told so, and ends no subject",
	async (t) => {
		const { url } = await served(t);
		t.match(await ask(`${url}/orders/%zz`), { status: 400, body: { error: /%zz/ } });
		t.match(await ask(`${url}/orders/1`), { status: 200 });
		const all = await served(t, { "*": () => "all" });
		t.same(await ask(`${all.url}/%zz`), { status: 200, body: "all" });
	},
);

t.test("an answer's status is taken for one only where it can be nothing else", async (t) => {
	const orders: Routes = {
		"GET /state": () => ({ status: 3 }),
		"GET /order": () => ({ status: 200, id: 7 }),
		"GET /gone": () => ({ status: 410 }),
	};
	const { url } = await served(t, orders);
	t.same(await ask(`${url}/state`), { status: 200, body: { status: 3 } });
	t.same(await ask(`${url}/order`), { status: 200, body: { status: 200, id: 7 } });
	t.same(await ask(`${url}/gone`), { status: 410, body: null });
});
