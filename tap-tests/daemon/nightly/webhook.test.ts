import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { deliver } from "../../../daemon/nightly/webhook.ts";

async function server(t: Test, listener: RequestListener) {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret`;
}

function logged() {
	const lines: string[] = [];
	const gone = new AbortController();
	return { lines, gone, options: { signal: gone.signal, log: (line: string) => lines.push(line) } };
}

t.test("a few tries, and then it is given up, which is said", async (t) => {
	let asked = 0;
	const url = await server(t, (_, response) => {
		asked += 1;
		response.writeHead(500).end();
	});
	const { lines, options } = logged();
	t.equal(await deliver(url, {}, { ...options, waitsMs: [1, 1] }), false);
	t.equal(asked, 3);
	t.match(lines, [/it answered 500$/, /500$/, /it answered 500; it is given up$/]);
	t.notMatch(lines.join(), /s3cret/);
});

t.test("nobody there, or a way elsewhere, is a failure and tells no secret", async (t) => {
	const elsewhere: string[] = [];
	const other = await server(t, (request, response) => {
		elsewhere.push(request.url!);
		response.end();
	});
	const leads = await server(t, (_, response) => {
		response.writeHead(307, { location: other }).end();
	});
	const rows: [url: string, why: RegExp][] = [
		["http://127.0.0.1:9/s3cret", /summary: ECONNREFUSED; it is given up$/],
		["http://nobody.invalid/s3cret", /ENOTFOUND|EAI_AGAIN/],
		[leads, /it answered 307/],
		["http://s3cret:no-port", /no URL, did not take the summary: ERR_INVALID_URL/],
	];
	for (const [url, why] of rows) {
		const { lines, options } = logged();
		t.equal(await deliver(url, {}, { ...options, waitsMs: [] }), false);
		t.match(lines, [why]);
		t.match(lines, [/given up$/]);
		t.notMatch(lines.join(), /s3cret/);
	}
	t.same(elsewhere, []);
});

t.test("who is named in the URL is told to the server, and to nobody else", async (t) => {
	const heard: (string | undefined)[] = [];
	const url = await server(t, (request, response) => {
		heard.push(request.headers.authorization);
		response.writeHead(heard.length === 1 ? 503 : 404).end();
	});
	const { lines, options } = logged();
	const to = url.replace("http://", "http://me:p%40ss@");
	t.equal(await deliver(to, {}, { ...options, waitsMs: [1, 1, 1] }), false);
	const basic = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
	t.same(heard, [basic, basic], "tried again after a failure, and not after a refusal");
	t.notMatch(lines.join(), /p%40ss|p@ss|s3cret/);
});

t.test("the daemon's end cuts a wait and a request short", async (t) => {
	const asked = Promise.withResolvers<void>();
	const url = await server(t, () => asked.resolve());
	const { gone, options } = logged();
	const delivered = deliver(url, {}, { ...options, waitsMs: [1e6] });
	await asked.promise;
	gone.abort();
	t.equal(await delivered, false);
});
