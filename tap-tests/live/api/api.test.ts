import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import hdr from "hdr-histogram-js";
import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { untapped } from "../../untapped.ts";
import { eventOf, type LiveDaemon, liveDaemon, temporaryHome } from "../daemon.ts";

let daemon: LiveDaemon;
t.before(async () => {
	// A Kafka that is not there: what needs it is refused, everything else runs.
	daemon = await liveDaemon(t, { flags: ["--kafka-brokers", "127.0.0.1:9"] });
});

const call = async (path: string, init?: RequestInit) => {
	const response = await fetch(daemon.client.url + path, init);
	return { status: response.status, text: await response.text(), headers: response.headers };
};

t.test("starting a scenario answers at once, and its links lead to the run", async (t) => {
	const { status, text } = await call("/scenarios/retry-storm/start?size=small&seed=7");
	t.equal(status, 202);
	const { runId, links } = JSON.parse(text) as { runId: string; links: Record<string, string> };
	t.match((await call(links.run!)).text, runId);

	const second = JSON.parse((await call("/scenarios/retry-storm/start?size=small")).text);
	t.equal(second.state, "queued", "one run at a time: the next one waits and says so");
	t.match(JSON.parse((await call(`/runs/${second.runId}/stop`, { method: "POST" })).text), {
		state: "aborted",
		verdict: "invalid",
	});

	const states: string[] = [];
	await eventOf(daemon.client, runId, (event) => {
		if (event.type === "state") states.push(event.state);
		return event.type === "end";
	});
	t.same(states, [
		"queued",
		"preparing",
		"warming",
		"steady",
		"faulting",
		"recovering",
		"verifying",
		"cleaning",
		"done",
	]);

	const folder = `${daemon.home.runs}/${runId}`;
	for (const name of [
		"run.json",
		"outcome.json",
		"events.ndjson",
		"intervals.ndjson",
		"latency.hlog",
		"subjects/downstream.log",
	]) {
		t.ok(existsSync(`${folder}/${name}`), `${name} is part of the record`);
	}
	const run = JSON.parse(readFileSync(`${folder}/run.json`, "utf8")) as RunDocument;
	t.same(JSON.parse((await call(links.run!)).text), run, "the API answers with the file");

	const log = (await call(links.hlog!)).text;
	const lines = log.split("\n").filter((line) => /^(Tag=warming,)?\d/.test(line));
	const counted = lines.reduce(
		(sum, line) => sum + hdr.decodeFromCompressedBase64(line.split(",").at(-1)!).totalCount,
		0,
	);
	const all = run.loads.find((load) => load.phase === "all")!;
	t.equal(counted, all.started_count, "the histogram log holds every operation that started");

	const report = await call(links.report!);
	t.match(report.headers.get("content-type"), "text/html");
	for (const check of run.checks) t.match(report.text, `<b>${check.id}</b>`, "the report has it");
	t.match(report.text, 'fill="var(--band)"', "and shows when the fault was there");
	t.equal(report.text, readFileSync(`${folder}/report.html`, "utf8"), "it is a part of the record");

	const resumed = await fetch(`${daemon.client.url}${links.events}`, {
		headers: { "last-event-id": "5" },
	});
	const first = /^id: (\d+)$/m.exec(await resumed.text())?.[1];
	t.equal(first, "6", "a stream goes on after the last event that was seen");
});

t.test(
	"what is missing is named with what was tried, and keeps nothing else from running",
	async (t) => {
		const file = new URL("../../fixtures/scenarios/busy.scenario.ts", import.meta.url).pathname;
		await t.rejects(daemon.client.post("/runs", { file }), {
			code: "FLT_COMPONENT_MISSING",
			message: /kafka.*127\.0\.0\.1:9/,
		});
		const stack = await call("/stack?format=text");
		t.match(stack.text, /kafka +missing/);
		t.equal((await call("/readyz")).status, 200, "ready: each component is up or reported missing");
	},
);

t.test("a second daemon on the same port is refused, naming the holder", async (t) => {
	const port = new URL(daemon.client.url).port;
	const child = spawn(
		...untapped(
			process.execPath,
			"daemon/main.ts",
			"--home",
			temporaryHome(t).folder,
			"--port",
			port,
		),
	);
	let errors = "";
	child.stderr.on("data", (bytes: Buffer) => (errors += bytes));
	const [code] = await once(child, "exit");
	t.equal(code, 2);
	t.match(
		errors,
		new RegExp(`FLT_PORT_TAKEN: port ${port} on 127.0.0.1 is taken by pid ${daemon.pid}`),
	);
});

t.test("a second daemon on the same home is refused, naming the holder", async (t) => {
	const child = spawn(
		...untapped(process.execPath, "daemon/main.ts", "--home", daemon.home.folder, "--port", "0"),
	);
	let errors = "";
	child.stderr.on("data", (bytes: Buffer) => (errors += bytes));
	const [code] = await once(child, "exit");
	t.equal(code, 2);
	t.match(errors, new RegExp(`FLT_HOME_LOCKED.*pid ${daemon.pid}`));
});

t.test("a running load is steered: another rate, a pause, its end", async (t) => {
	const params = { size: "small", outageMs: "20000", inFlightMax: "9000" };
	const { runId } = await daemon.client.start("retry-storm", params);
	const steer = async (body: object, load = "orders") => {
		const headers = { "content-type": "application/json" };
		const init = { method: "POST", headers, body: JSON.stringify(body) };
		return call(`/runs/${runId}/loads/${load}`, init);
	};
	/** The number of operations due in the first interval that begins after the load was so changed. */
	const dueAfter = async (change: string) => {
		let next: number | null = null;
		const event = await eventOf(daemon.client, runId, (event) => {
			if (event.type === "log" && event.message.includes(change)) next = event.ms;
			return event.type === "interval" && next !== null && event.interval.fromMs > next;
		});
		return event.type === "interval" ? event.interval.dueCount : null;
	};
	await eventOf(daemon.client, runId, ({ type }) => type === "interval");
	t.equal((await steer({ ratePerSec: 40 })).status, 200);
	const slow = (await dueAfter("set to 40/s"))!;
	t.ok(slow > 0 && slow <= 41, `${slow} operations were due`);
	t.equal((await steer({ paused: true })).status, 200);
	t.equal(await dueAfter("paused"), 0, "nothing is due in a pause");
	t.equal((await steer({ paused: false })).status, 200);
	t.ok((await dueAfter("resumed"))! > 0, "and it goes on afterwards");
	t.equal((await steer({ paused: true, ratePerSec: 1 })).status, 400, "one change at a time");
	t.match(JSON.parse((await steer({ ratePerSec: 1 }, "nobody")).text), {
		error: { code: "FLT_CONFLICT", message: /no load "nobody"/, hint: /orders/ },
	});
	t.equal((await call(`/runs/${runId}/loads/orders`)).status, 405, "no GET steers");
	await call(`/runs/${runId}/stop`, { method: "POST" });
	t.match(JSON.parse((await steer({ paused: false })).text), { error: { code: "FLT_CONFLICT" } });
});

t.test("a client that leaves does not stop the run it waits for", async (t) => {
	const leaving = new AbortController();
	const waiting = fetch(
		`${daemon.client.url}/scenarios/retry-storm/start?wait=true&size=small&seed=3&retries=0`,
		{
			signal: leaving.signal,
		},
	).catch(() => null);
	const active = async () =>
		(await daemon.client.runs(1)).find((run) => run.seed === 3 && run.state === "steady")?.runId;
	let runId: string | undefined;
	while (runId === undefined) runId = await active();
	leaving.abort();
	await waiting;
	await eventOf(daemon.client, runId, (event) => event.type === "end");
	t.match(await daemon.client.run(runId), { state: "done" });
});
