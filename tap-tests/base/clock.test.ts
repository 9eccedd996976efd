import { getEventListeners, once } from "node:events";
import { Worker } from "node:worker_threads";
import t from "tap";
import { monotonic, msSince, patience, pause } from "../../base/clock.ts";

t.test("milliseconds keep their microseconds, before the zero as well", (t) => {
	t.equal(msSince(1_000_000n, 3_500_000n), 2.5);
	t.equal(msSince(1_000_000n, 1_001_999n), 0.001, "below a microsecond is cut off");
	t.equal(msSince(5_000_000n, 4_000_000n), -1);
	t.equal(msSince(0n, 2n ** 62n), Number(2n ** 62n / 1000n) / 1000, "a clock may be far on");
	t.end();
});

t.test("a pause lasts at least as long as it was asked for", async (t) => {
	const start = monotonic();
	await pause(20);
	// A timer may fire a little early by this clock.
	t.ok(msSince(start, monotonic()) >= 19);
});

t.test("a pause is cut short by its signal, and leaves nothing on it", async (t) => {
	const stop = new AbortController();
	const cut = pause(3_600_000, stop.signal);
	stop.abort();
	await cut;
	await pause(3_600_000, stop.signal);
	t.same(getEventListeners(stop.signal, "abort"), []);
	const running = new AbortController();
	await pause(1, running.signal);
	t.same(getEventListeners(running.signal, "abort"), []);
});

t.test("a process that stood still does not say that an answer did not come", async (t) => {
	const server = new Worker(
		`const { createServer } = require("node:http");
		const server = createServer((_, response) => response.end("here"));
		server.listen(0, "127.0.0.1", () => require("node:worker_threads").parentPort.postMessage(server.address().port));`,
		{ eval: true },
	);
	t.teardown(() => server.terminate());
	const [port] = await once(server, "message");
	const answered = fetch(`http://127.0.0.1:${port}`, { signal: patience(200) });
	const request = new Promise<string>((resolve, reject) => {
		answered.then((answer) => answer.text()).then(resolve, reject);
	});
	// Until the request is on its way.
	await new Promise((resolve) => setImmediate(resolve));
	const untilMs = performance.now() + 500;
	while (performance.now() < untilMs);
	t.equal(await request, "here");
});

t.test("who never answers is given up, not before the limit", async (t) => {
	const fromMs = performance.now();
	const signal = patience(60);
	await pause(10_000, signal);
	t.equal(signal.aborted, true);
	t.ok(performance.now() - fromMs >= 55);
});
