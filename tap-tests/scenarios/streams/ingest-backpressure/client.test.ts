import t from "tap";
import type { Operation } from "../../../../load/operation.ts";
import { OperationError, TransportError } from "../../../../load/outcome.ts";
import {
	type Api,
	guardedClients,
	naiveClients,
	type SendEvent,
	triesMax,
} from "../../../../scenarios/streams/ingest-backpressure/client.ts";
import { headers } from "../../../../scenarios/streams/ingest-backpressure/headers.ts";

const event = { eventId: "event-1", client: 3, priority: 1, amountCents: 500 };
const options = {
	seed: 1,
	clients: 20,
	contract: { ratePerSec: 1_000, burst: 1_000 },
	deadlineMs: 60_000,
	budgetShare: 0.1,
};

type Answer = number | "refused" | "silence" | "reset" | "never sent";
const refusal = { "retry-after": "1", [headers.retryAfterMs]: "1" };

/** A service that answers as told, try by try; "silence" lasts until the try is given up. */
function fakeApi(answer: (tryNumber: number) => Answer, said: Record<string, string> = refusal) {
	const requests: Parameters<Api["request"]>[0][] = [];
	const api: Api = {
		request(request) {
			if (request.signal.aborted)
				return Promise.reject(TransportError.aborted(request.signal, false));
			requests.push(request);
			const told = answer(requests.length);
			if (told === "reset") return Promise.reject(new TransportError("ECONNRESET", true));
			if (told === "never sent") return Promise.reject(new TransportError("ECONNREFUSED", false));
			if (told === "refused") return Promise.resolve({ status: 429, headers: said });
			if (told !== "silence") return Promise.resolve({ status: told, headers: {} });
			return new Promise((_, reject) =>
				request.signal.addEventListener("abort", () =>
					reject(TransportError.aborted(request.signal, true)),
				),
			);
		},
	};
	return { requests, api };
}

function operation(): { op: Operation; giveUp(): void } {
	const giveUp = new AbortController();
	const times = { n: 1, phase: "steady", intendedMs: 0, intendedAtMs: 0 };
	return {
		op: { ...times, signal: giveUp.signal },
		giveUp: () => giveUp.abort(new Error("deadline")),
	};
}

/** How an event ended, as a worker would count it. */
async function outcomeOf(send: SendEvent, api: Api, op = operation().op): Promise<string> {
	try {
		await send(api, event, op);
		return "ok";
	} catch (error) {
		if (error instanceof OperationError) return error.message;
		throw error;
	}
}

t.test("an event's end says whether it may be there", async (t) => {
	const rows: [answer: (n: number) => Answer, outcome: string, why: string][] = [
		[() => 201, "ok", "accepted"],
		[(n) => (n === 1 ? "refused" : 201), "ok", "accepted when it was asked again"],
		[() => "refused", "fail: refused", "it was never touched"],
		[() => 502, "unknown: http_502", "something failed behind the service"],
		[() => 504, "unknown: http_504", "too late to say"],
		[() => "reset", "unknown: ECONNRESET", "the answer was lost"],
		[() => "never sent", "fail: ECONNREFUSED", "nothing has left"],
	];
	for (const [answer, outcome, why] of rows) {
		const { api } = fakeApi(answer);
		t.equal(await outcomeOf(guardedClients(options), api), outcome, why);
	}
});

t.test("only what was refused is tried again, and not without being told when", async (t) => {
	const tries = async (answer: Answer, said?: Record<string, string>) => {
		const { api, requests } = fakeApi(() => answer, said);
		await outcomeOf(guardedClients(options), api);
		return requests.length;
	};
	t.equal(await tries("refused"), 2, "as its budget has it");
	t.equal(await tries(502), 1);
	t.equal(await tries("reset"), 1);
	t.equal(await tries("refused", {}), 1);
	const { api } = fakeApi(() => "refused", {});
	t.equal(
		await outcomeOf(guardedClients(options), api),
		"unknown: refused_without_retry_after",
		"and it is told apart",
	);
});

t.test("whole seconds are understood where nothing finer is said", async (t) => {
	const patient = { ...options, deadlineMs: 500 };
	const { api, requests } = fakeApi(() => "refused", { "retry-after": "1" });
	t.equal(await outcomeOf(guardedClients(patient), api), "fail: refused");
	t.equal(requests.length, 1, "a second is more than is left");
});

t.test(
	"each request says who asks, how important it is, and how long it still waits",
	async (t) => {
		const { api, requests } = fakeApi((n) => (n === 1 ? "refused" : 201));
		await outcomeOf(guardedClients(options), api);
		const said = requests.map((request) => request.headers);
		t.match(said, [
			{ [headers.client]: "3", [headers.priority]: "1" },
			{ [headers.client]: "3", [headers.priority]: "1" },
		]);
		const left = said.map((header) => Number(header[headers.deadlineMs]));
		t.ok(left[0]! <= options.deadlineMs && left[1]! <= left[0]!);
		const naive = fakeApi(() => 201);
		await outcomeOf(naiveClients(), naive.api);
		t.notOk(headers.deadlineMs in naive.requests[0]!.headers, "the naive one says nothing of it");
	},
);

t.test("a client that has used up its budget gives up at once", async (t) => {
	const send = guardedClients({ ...options, budgetShare: 0 });
	const { api, requests } = fakeApi(() => "refused");
	for (let n = 0; n < 10; n++) await outcomeOf(send, api);
	t.equal(requests.length, 10 + 1, "one retry is there when a client begins");
});

t.test("a client keeps to its contract, and another has its own", async (t) => {
	const contract = { ratePerSec: 0.001, burst: 5 };
	const send = guardedClients({ ...options, contract });
	const { api, requests } = fakeApi(() => 201);
	const outcomes: string[] = [];
	for (let n = 0; n < 8; n++) outcomes.push(await outcomeOf(send, api));
	t.same(outcomes, [...new Array(5).fill("ok"), ...new Array(3).fill("fail: throttled")]);
	t.equal(requests.length, 5, "what it may not send leaves nothing");
	await send(api, { ...event, client: 4 }, operation().op);
	t.equal(requests.length, 6);
});

t.test("a naive client asks again at once, and tells how many had no answer", async (t) => {
	const failing = fakeApi(() => "reset");
	t.equal(await outcomeOf(naiveClients(), failing.api), "unknown: ECONNRESET");
	t.equal(failing.requests.length, triesMax);
	const late = fakeApi((n) => (n < 3 ? "reset" : 201));
	t.equal(await naiveClients()(late.api, event, operation().op), 2);
	const silent = fakeApi(() => "silence");
	const { op, giveUp } = operation();
	const ended = outcomeOf(naiveClients(), silent.api, op);
	giveUp();
	t.match(await ended, /^unknown: /);
	t.equal(silent.requests.length, 1, "its operation is over");
});
