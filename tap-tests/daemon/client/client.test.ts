import http from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { ApiClient } from "../../../daemon/client/client.ts";

/** A daemon that begins to answer, and is killed. */
async function dying(t: Test, type: string, begin: string): Promise<ApiClient> {
	const server = http.createServer((_, response) => {
		response.writeHead(200, { "content-type": type }).write(begin, () => response.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	return new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const gone = {
	code: "FLT_NO_DAEMON",
	message: /^the daemon at http:\S+ went away in the middle of its answer: /,
	hint: /faultline heal/,
};

t.test("a daemon that is killed while it answers is told in a line, with what to do", async (t) => {
	const json = await dying(t, "application/json", '{"runs": [');
	await t.rejects(json.runs(1), gone);
	const client = await dying(t, "text/event-stream", 'data: {"id":1}\n\n');
	const heard: unknown[] = [];
	const hear = async () => {
		for await (const event of client.events("r")) heard.push(event);
	};
	await t.rejects(hear(), gone);
	t.same(heard, [{ id: 1 }], "what it had said before is heard");
	await t.rejects(
		dying(t, "text/html", "<p>").then((client) => client.text("/report")),
		gone,
	);
});

t.test("where no daemon is that is told in a line, with what to do", async (t) => {
	const client = await dying(t, "text/plain", "");
	const nobody = new ApiClient("http://127.0.0.1:1");
	const none = {
		code: "FLT_NO_DAEMON",
		message: /^no daemon answers at http:\/\/127\.0\.0\.1:1: /,
		hint: /faultline start/,
	};
	await t.rejects(nobody.runs(1), none);
	await t.rejects(nobody.text("/report"), none);
	await t.rejects(nobody.events("r").next(), none);
	await t.rejects(client.events("r", AbortSignal.abort()).next(), { name: "AbortError" });
});

t.test("a run is followed to the end of its last try, and what happens is heard", async (t) => {
	const next: Record<string, string | null> = { first: "second", second: null };
	const server = http.createServer(({ url = "" }, response) => {
		const [, , runId = "", events] = url.split("/");
		if (events !== undefined) return void response.end(`data: {"of":"${runId}"}\n\n`);
		response.end(JSON.stringify({ runId, tries: { next: next[runId] } }));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	const client = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	const heard: unknown[] = [];
	const last = await client.finished("first", (event) => heard.push(event));
	t.equal(last.runId, "second");
	t.same(heard, [{ of: "first" }, { of: "second" }]);
});
