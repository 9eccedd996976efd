import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { NightlyDocument } from "../../../daemon/nightly/document.ts";
import { Nightly, type NightlyOptions } from "../../../daemon/nightly/nightly.ts";
import type { NightlySettings } from "../../../daemon/nightly/settings.ts";
import { NightlyStore } from "../../../daemon/nightly/store.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { doneRun } from "../compare/accepted.ts";
import { FakeClock } from "./fake-clock.ts";
import { described, fakeWork, plan } from "./fake-work.ts";

const hourMs = 3_600_000;
const ms = (iso: string) => Date.parse(iso);

/** Nightlies of a home whose runs end when the test lets them. */
function rig(
	t: Test,
	{ folder = t.testdir(), clock = new FakeClock(ms("2026-02-01T01:00:00Z")) } = {},
) {
	const log: string[] = [];
	const waiting: ((document: RunDocument) => void)[] = [];
	const { catalog, baselines } = fakeWork(folder, {
		scenarios: [described("echo"), described("cdc")],
	}).work;
	let begun = Promise.withResolvers<void>();
	const end = (document: RunDocument) => waiting.shift()!(document);
	const runs = {
		start: async (_: unknown) => {
			const { promise: ended, resolve } = Promise.withResolvers<RunDocument>();
			waiting.push(resolve);
			begun.resolve();
			begun = Promise.withResolvers();
			return { id: `run-${waiting.length}`, ended };
		},
		lastTry: (run: { ended: Promise<RunDocument> }) => run.ended,
		stop: async () => {
			const stopped = { verdict: "invalid", asExpected: false, state: "aborted" } as const;
			const document = doneRun({}, stopped);
			end(document);
			return document;
		},
	} as unknown as NightlyOptions["runs"];
	const open = (settings: Partial<NightlySettings> = {}) =>
		Nightly.open({
			settings: { ...plan, budgetMs: 24 * hourMs, at: "0 3 * * *", timeZone: "UTC", ...settings },
			runs,
			catalog,
			baselines,
			clock,
			log: (line) => log.push(line),
			home: { history: folder, nightly: join(folder, "nightly") },
		});
	/** Lets the next run begin and end. */
	const pass = async () => {
		if (waiting.length === 0) await begun.promise;
		end(doneRun());
	};
	const store = new NightlyStore(join(folder, "nightly"));
	/** The summary of the nightly that runs. */
	const summary = async (nightly: Nightly): Promise<NightlyDocument> => {
		const { id } = nightly.status().running!;
		while (nightly.status().running?.id === id) await new Promise(setImmediate);
		return nightly.read(id);
	};
	return { folder, clock, log, open, pass, begun: () => begun.promise, summary, store, waiting };
}

t.test("one that is asked for runs, and its summary is kept", async (t) => {
	const { open, pass, summary, log } = rig(t);
	const nightly = await open({ at: null });
	t.match(nightly.status(), { running: null, next: null, last: null, missed: [] });
	const { id } = nightly.start({ seed: 9 }, "person");
	t.match(nightly.status().running, { id, askedBy: "person" });
	const summed = summary(nightly);
	await pass();
	await pass();
	const document = await summed;
	t.match(document, { id, night: "2026-02-01", exitCode: 0, plan: { seed: 9, size: "default" } });
	t.same(nightly.status().last, document);
	t.match(log, [/begins$/, /echo \(1 of 2\)$/, /cdc \(2 of 2\)$/, /: all 2 as expected/]);
	t.throws(() => nightly.read("../../etc/passwd"), { code: "FLT_NOT_FOUND" });
});

t.test("a second one is refused with who runs, and the next may come after it", async (t) => {
	const { open, pass, summary, clock } = rig(t);
	const nightly = await open();
	const { id } = nightly.start({}, "person");
	const summed = summary(nightly);
	t.throws(() => nightly.start({}, "person"), {
		code: "FLT_CONFLICT",
		message: new RegExp(
			`^nightly ${id} runs since 2026-02-01T01:00:00.000Z, asked for by a person`,
		),
	});
	await pass();
	await pass();
	await summed;
	clock.advance(1);
	t.not(nightly.start({}, "person").id, id);
	await nightly.close("the test is over");
});

t.test("a planned one begins by itself, and the next is told", async (t) => {
	const { open, pass, summary, clock } = rig(t);
	const nightly = await open();
	t.equal(nightly.status().next, "2026-02-01T03:00:00.000Z");
	clock.advance(3 * hourMs);
	t.equal(nightly.status().running, null, "but not where nobody follows the schedule");
	nightly.follow();
	clock.advance(23 * hourMs);
	t.match(nightly.status(), {
		running: { askedBy: "schedule", startedAt: "2026-02-02T03:00:00.000Z" },
		next: "2026-02-03T03:00:00.000Z",
	});
	const summed = summary(nightly);
	await pass();
	await pass();
	t.match(await summed, { askedBy: "schedule", night: "2026-02-02", missed: [] });
	await nightly.close("the test is over");
	clock.advance(48 * hourMs);
	t.equal(nightly.status().running, null, "a daemon that has ended begins none");
});

t.test("a planned one that meets another is missed, and the next summary tells it", async (t) => {
	const { open, pass, summary, clock, log } = rig(t);
	const nightly = await open();
	nightly.follow();
	const { id } = nightly.start({}, "person");
	const first = summary(nightly);
	clock.advance(2 * hourMs);
	const why = new RegExp(`^nightly ${id} runs since`);
	t.match(nightly.status().missed, [{ plannedAt: "2026-02-01T03:00:00.000Z", why }]);
	t.match(log.at(-1), /the nightly of 2026-02-01T03:00:00.000Z does not happen/);
	await pass();
	await pass();
	t.same((await first).missed, [], "it began before that was missed");
	clock.advance(1);
	nightly.start({}, "person");
	const second = summary(nightly);
	await pass();
	await pass();
	t.match((await second).missed, [{ plannedAt: "2026-02-01T03:00:00.000Z", why }]);
	t.same(nightly.status().missed, [], "told once");
	await nightly.close("the test is over");
});

t.test("nights that were planned while no daemon ran are told, and not made up for", async (t) => {
	const { folder, open, clock } = rig(t);
	const first = await open();
	first.follow();
	await first.close("the daemon ends");
	clock.advance(49 * hourMs); // two times three o'clock
	const later = rig(t, { folder, clock });
	const second = await later.open();
	second.follow();
	const missed = [
		{ plannedAt: "2026-02-01T03:00:00.000Z", why: "no daemon ran" },
		{ plannedAt: "2026-02-02T03:00:00.000Z", why: "no daemon ran" },
	];
	t.same(second.status().missed, missed);
	t.match(later.log, [
		/of 2026-02-01T03.* did not happen: no daemon ran; it is not made up for/,
		/02-02/,
	]);
	t.equal(second.status().running, null);
	second.start({}, "person");
	const summed = later.summary(second);
	await later.pass();
	await later.pass();
	t.same((await summed).missed, missed);
	await second.close("the test is over");

	const third = rig(t, { folder, clock });
	t.same((await third.open()).status().missed, [], "and are told once");
	clock.advance(24 * hourMs);
	const fourth = rig(t, { folder, clock });
	t.same(
		(await fourth.open({ at: "0 4 * * *" })).status().missed,
		[],
		"another schedule begins anew",
	);
});

t.test("one that was cut off with its daemon is told", async (t) => {
	const { folder, open, clock, begun } = rig(t);
	const nightly = await open({ at: null });
	const begins = begun();
	const { id } = nightly.start({}, "person");
	await begins; // and here the daemon is killed
	const later = rig(t, { folder, clock });
	const next = await later.open({ at: null });
	t.match(next.status().missed, [{ why: `nightly ${id} was cut off with its daemon` }]);
	t.match(next.status(), { running: null, last: null });
	await nightly.close("the test is over");
});

t.test("stopped, it ends its run, and its summary says so", async (t) => {
	const { open, begun } = rig(t);
	const nightly = await open();
	t.equal(await nightly.stop("nothing runs"), null);
	const begins = begun();
	nightly.start({}, "person");
	await begins;
	t.match(await nightly.stop("stopped by request"), {
		stopped: "stopped by request",
		exitCode: 12,
		results: [{ run: { state: "aborted" } }, { outcome: "not_run", why: "stopped by request" }],
	});
	await nightly.close("the daemon ends");
	t.throws(() => nightly.start({}, "person"), { code: "FLT_CONFLICT", message: /daemon ends/ });
});

t.test("the summary goes to the webhook, and its secret into no log", async (t) => {
	const posted: string[] = [];
	let tries = 0;
	const server = createServer((request, response) => {
		let body = "";
		request.on("data", (bytes) => (body += bytes));
		request.on("end", () => {
			posted.push(`${request.method} ${request.url} ${(JSON.parse(body) as { id: string }).id}`);
			response.writeHead(++tries === 1 ? 503 : 200).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	const { port } = server.address() as AddressInfo;
	const { open, pass, summary, log } = rig(t);
	const nightly = await open({ webhook: `http://127.0.0.1:${port}/s3cret?key=s3cret` });
	nightly.start({}, "person");
	const summed = summary(nightly);
	await pass();
	await pass();
	const { id } = await summed;
	await nightly.close("the test is over");
	t.same(posted, [`POST /s3cret?key=s3cret ${id}`, `POST /s3cret?key=s3cret ${id}`]);
	t.match(log.at(-1), `the webhook at 127.0.0.1:${port} did not take the summary: it answered 503`);
	t.notMatch(JSON.stringify([log, nightly.status()]), /s3cret/);
});
