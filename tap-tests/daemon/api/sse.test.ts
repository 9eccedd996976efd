import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import fastify from "fastify";
import t, { type Test } from "tap";
import { pause } from "../../../base/clock.ts";
import { EventStreams } from "../../../daemon/api/sse.ts";
import { ApiClient } from "../../../daemon/client/client.ts";
import type { RunEvent } from "../../../daemon/record/events.ts";
import { apiRig, ownerToken } from "./rig.ts";

const start = "/scenarios/retry-storm/start";

/** The API on a port of its own. */
async function listening(t: Test) {
	let port = 0;
	const rig = await apiRig(t, { guards: { port: () => port } });
	await rig.app.listen({ port: 0, host: "127.0.0.1" });
	port = (rig.app.server.address() as AddressInfo).port;
	const url = `http://127.0.0.1:${port}`;
	const run = async () => {
		const { runId } = await new ApiClient(url).start("retry-storm", {});
		const live = rig.runs.lives.get(runId)!;
		const say = (message: string) => live.events.emit({ type: "log", message });
		return { runId, live, say };
	};
	return { ...rig, url, run };
}

/** Reads a stream as it comes; `heard` are its blocks so far. */
async function listen(t: Test, url: string, headers: Record<string, string> = {}) {
	const abort = new AbortController();
	t.teardown(() => abort.abort());
	const response = await fetch(url, { headers, signal: abort.signal });
	const heard: string[] = [];
	const reading = (async () => {
		let rest = "";
		for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
			const blocks = (rest + bytes).split("\n\n");
			rest = blocks.pop()!;
			heard.push(...blocks);
		}
	})();
	reading.catch(() => {});
	const until = async (count: number) => {
		while (ids(heard).length < count) await pause(1);
	};
	return { response, heard, reading, until, leave: () => abort.abort() };
}

const ids = (heard: string[]) => heard.flatMap((block) => /^id: (\d+)$/m.exec(block)?.[1] ?? []);

t.test(
	"events come as they happen, with id, type and document, and the stream ends with the run",
	async (t) => {
		const { url, run } = await listening(t);
		const { runId, live, say } = await run();
		say("before anybody listened");
		const { response, heard, reading, until } = await listen(t, `${url}/runs/${runId}/events`);
		t.match(response.headers.get("content-type"), /^text\/event-stream/);
		t.equal(response.headers.get("cache-control"), "no-store");
		await until(1);
		say("meanwhile");
		await until(2);
		const blocks = heard.filter((block) => block.startsWith("id:"));
		t.equal(
			blocks[1],
			'id: 2\nevent: log\ndata: {"id":2,"ms":0,"type":"log","message":"meanwhile"}',
		);
		live.end();
		await reading;
		t.match(heard.at(-1), /^id: 3\nevent: end\ndata: \{.*"verdict":"passed"/);
	},
);

t.test("a stream is resumed after the event it heard last, while the run goes on", async (t) => {
	const { url, run } = await listening(t);
	const { runId, say } = await run();
	for (const line of ["a", "b", "c"]) say(line);
	const events = `${url}/runs/${runId}/events`;
	const { heard, until } = await listen(t, events, { "last-event-id": "2" });
	await until(1);
	say("d");
	await until(2);
	t.same(ids(heard), ["3", "4"]);
	const anew = await listen(t, events, { "last-event-id": "no number" });
	await anew.until(4);
	t.same(ids(anew.heard), ["1", "2", "3", "4"], "what can't be resumed begins anew");
});

t.test(
	"a run that is over is told from its record, from where it is asked for, and the stream ends",
	async (t) => {
		const { url, run } = await listening(t);
		const { runId, live, say } = await run();
		for (const line of ["a", "b"]) say(line);
		live.end();
		const events = `${url}/runs/${runId}/events`;
		const whole = await listen(t, events);
		await whole.reading;
		t.same(ids(whole.heard), ["1", "2", "3"]);
		const rest = await listen(t, events, { "last-event-id": "2" });
		await rest.reading;
		t.same(ids(rest.heard), ["3"]);
		const nothing = await listen(t, events, { "last-event-id": "3" });
		await nothing.reading;
		t.same(ids(nothing.heard), []);
	},
);

t.test("who leaves is heard of no more, and stops nothing", async (t) => {
	const { url, run, runs, logged } = await listening(t);
	const { runId, live, say } = await run();
	say("a");
	const leaver = await listen(t, `${url}/runs/${runId}/events`);
	const stayer = await listen(t, `${url}/runs/${runId}/events`);
	await Promise.all([leaver.until(1), stayer.until(1)]);
	leaver.leave();
	await leaver.reading.catch(() => {});
	say("b");
	await stayer.until(2);
	t.same(ids(leaver.heard), ["1"]);
	t.same(runs.stopped, []);
	live.end();
	await stayer.reading;
	t.same(logged, []);
});

t.test(
	"whose reader has left, a source is followed no more, and there is room again",
	async (t) => {
		const app = fastify();
		t.teardown(() => app.close());
		const streams = new EventStreams(1);
		let followers = 0;
		const source = {
			next: () => null,
			isOver: () => false,
			follow() {
				followers++;
				return () => {
					followers--;
				};
			},
		};
		app.get("/events", (request, reply) => streams.open(request, reply, source));
		await app.listen({ port: 0, host: "127.0.0.1" });
		const { port } = app.server.address() as AddressInfo;
		const { leave } = await listen(t, `http://127.0.0.1:${port}/events`);
		t.equal(followers, 1);
		t.throws(() => streams.checkRoom(), { code: "FLT_BUSY" });
		leave();
		while (followers > 0) await pause(1);
		t.doesNotThrow(() => streams.checkRoom());
	},
);

t.test("a client that leaves while it waits for the end does not stop the run", async (t) => {
	const { url, runs, app } = await listening(t);
	const request = http.get(`${url}${start}?wait=true`);
	request.on("error", () => {});
	while (runs.lives.size === 0) await pause(1);
	const connections = () =>
		new Promise<number>((resolve) => app.server.getConnections((_, count) => resolve(count)));
	request.destroy();
	while ((await connections()) > 0) await pause(1);
	const [live] = runs.lives.values();
	t.same(runs.stopped, []);
	live!.end();
	t.match(await live!.ended, { verdict: "passed" });
});

t.test("the client that command line and dashboard use speaks all of this", async (t) => {
	const { url, run, runs } = await listening(t);
	const client = new ApiClient(url, ownerToken);
	const { runId, live, say } = await run();
	say("ü".repeat(40_000));
	const heard: RunEvent[] = [];
	const reading = (async () => {
		for await (const event of client.events(runId)) heard.push(event);
	})();
	while (heard.length < 1) await pause(1);
	live.end();
	await reading;
	t.match(heard, [{ type: "log", message: "ü".repeat(40_000) }, { type: "end" }]);
	t.match(await client.run(runId), { runId, state: "done" });
	t.match(await client.runs(5), [{ runId, verdict: "passed" }]);
	await t.rejects(client.start("retry-strom", {}), {
		code: "FLT_SCENARIO_UNKNOWN",
		message: /did you mean "retry-storm"/,
		hint: /there are/,
	});
	await t.rejects(client.post("/runs", { file: "/nowhere.scenario.ts" }), {
		code: "FLT_SCENARIO_UNKNOWN",
	});
	t.equal(runs.started.length, 1);
	await t.rejects(new ApiClient("http://127.0.0.1:1").runs(1), {
		code: "FLT_NO_DAEMON",
		message: /127\.0\.0\.1:1/,
	});
});

t.test("who does not read holds back its own stream, and no memory beyond it", async (t) => {
	const { url, run, app } = await listening(t);
	const { runId, live, say } = await run();
	const written: http.ServerResponse[] = [];
	app.server.on("request", (_, response: http.ServerResponse) => written.push(response));
	const idle: http.IncomingMessage[] = [];
	for (let n = 0; n < 8; n++) {
		const request = http.get(`${url}/runs/${runId}/events`);
		request.on("error", () => {});
		t.teardown(() => request.destroy());
		const [response] = (await once(request, "response")) as [http.IncomingMessage];
		idle.push(response.pause());
	}
	const reader = await listen(t, `${url}/runs/${runId}/events`);
	const long = "x".repeat(100_000);
	for (let n = 0; n < 200; n++) {
		say(long);
		await reader.until(n + 1);
	}
	const waiting = written.map(({ writableLength }) => writableLength);
	t.equal(waiting.length, 9);
	t.ok(Math.max(...waiting) < 3 * long.length, `each holds back ${Math.max(...waiting)} bytes`);
	live.end();
	await reader.reading;
	let heard = "";
	for await (const bytes of idle[0]!.setEncoding("utf8")) heard += bytes;
	t.equal(ids(heard.split("\n\n")).length, 201, "and it hears all of it when it reads");
});

t.test("so many may follow runs, and no more until one has left", async (t) => {
	const { url, run } = await listening(t);
	const { runId, say } = await run();
	say("a");
	const events = `${url}/runs/${runId}/events`;
	const all = await Promise.all(Array.from({ length: 32 }, () => listen(t, events)));
	const refused = await fetch(events);
	t.equal(refused.status, 429);
	t.match(await refused.json(), { error: { code: "FLT_BUSY", message: /32 event streams/ } });
	all[0]!.leave();
	const again = async (): Promise<number> => {
		const { status, body } = await fetch(events);
		await body?.cancel();
		if (status === 200) return status;
		await pause(5);
		return again();
	};
	t.equal(await again(), 200);
});

t.test("a client that is told to leaves its stream", async (t) => {
	const { url, run } = await listening(t);
	const { runId, say } = await run();
	say("a");
	const leave = new AbortController();
	const events = new ApiClient(url).events(runId, leave.signal);
	t.match((await events.next()).value, { message: "a" });
	leave.abort();
	await t.rejects(events.next(), { name: "AbortError" });
});

t.test("closing the API ends the streams of runs that go on", async (t) => {
	const { url, run, app } = await listening(t);
	const { runId, say } = await run();
	say("a");
	const { until, reading } = await listen(t, `${url}/runs/${runId}/events`);
	await until(1);
	const closed = once(app.server, "close");
	await app.close();
	await closed;
	await reading.catch(() => {});
	t.pass();
});
