import t from "tap";
import { pause } from "../../../../base/clock.ts";
import type { HttpClient } from "../../../../load/drivers/http.ts";
import type { Operation } from "../../../../load/operation.ts";
import { OperationError, TransportError } from "../../../../load/outcome.ts";
import type { HttpRequest } from "../../../../load/wire/http-request.ts";
import {
	type Guards,
	guardedClient,
	naiveClient,
	type PlaceOrder,
} from "../../../../scenarios/failing/retry-storm/clients.ts";
import { RetryBudget } from "../../../../scenarios/subjects/retry-budget.ts";

const order = { orderId: "order-1", amountCents: 500 };
const guards: Guards = {
	seed: 1,
	tryTimeoutMs: 5_000,
	retriesMax: 4,
	backoffMs: 0,
	backoffMaxMs: 0,
	budgetShare: 0.2,
	breakAfterFailures: 1_000_000,
	halfOpenAfterMs: 60_000,
};

/** An HTTP client that answers as told; the answer "silence" lasts until the try is given up, as over a real socket. */
function fakeApi(answer: (tryNumber: number) => number | "silence" | "reset") {
	const requests: HttpRequest[] = [];
	const api = {
		request(request: HttpRequest) {
			// As the real client: what is given up before it was sent is no request.
			if (request.signal?.aborted)
				return Promise.reject(TransportError.aborted(request.signal, false));
			requests.push(request);
			const told = answer(requests.length);
			if (told === "reset") return Promise.reject(new TransportError("ECONNRESET", true));
			if (typeof told === "number") return Promise.resolve({ status: told, headers: {}, body: "" });
			return new Promise((_, reject) =>
				request.signal?.addEventListener("abort", () =>
					reject(TransportError.aborted(request.signal!, true)),
				),
			);
		},
	};
	return { requests, api: api as unknown as HttpClient };
}

function operation(n = 1) {
	const giveUp = new AbortController();
	const times = { phase: "steady", intendedMs: 0, intendedAtMs: 0 };
	const op: Operation = { n, ...times, signal: giveUp.signal };
	return { op, giveUp: () => giveUp.abort(new Error("deadline")) };
}

/** How an order ended, as a worker would count it. */
async function outcomeOf(place: PlaceOrder, api: HttpClient, op = operation().op): Promise<string> {
	try {
		await place(api, order, op);
		return "ok";
	} catch (error) {
		if (error instanceof OperationError) return error.message;
		throw error;
	}
}

t.test(
	"the guarded client sends one idempotency key per order, the same at every try",
	async (t) => {
		const { api, requests } = fakeApi((n) => (n < 3 ? 503 : 201));
		t.equal(await outcomeOf(guardedClient(guards), api), "ok");
		t.equal(requests.length, 3);
		for (const { headers, method, path, body } of requests) {
			t.match({ method, path }, { method: "POST", path: "/orders" });
			t.equal(headers?.["idempotency-key"], "order-1");
			t.same(JSON.parse(String(body)), order);
		}
	},
);

t.test("the naive client sends none, so that each try may become a row", async (t) => {
	const { api, requests } = fakeApi((n) => (n < 3 ? 503 : 201));
	const place = naiveClient({ tryTimeoutMs: 5_000, retryAfterMs: 0 });
	t.equal(await outcomeOf(place, api), "ok");
	t.equal(requests.length, 3);
	t.notOk(requests.some(({ headers }) => headers && "idempotency-key" in headers));
});

t.test(
	"the naive client tries until its deadline, and then the order's fate is unknown",
	async (t) => {
		const { op, giveUp } = operation();
		const { api, requests } = fakeApi((n) => {
			if (n === 40) giveUp();
			return 503;
		});
		const place = naiveClient({ tryTimeoutMs: 5_000, retryAfterMs: 0 });
		t.equal(await outcomeOf(place, api, op), "unknown: deadline");
		t.equal(requests.length, 40, "no budget, no limit");
	},
);

t.test("a naive try that hangs is given up after its timeout, and tried again", async (t) => {
	const { api, requests } = fakeApi((n) => (n === 1 ? "silence" : 201));
	t.equal(await outcomeOf(naiveClient({ tryTimeoutMs: 5, retryAfterMs: 0 }), api), "ok");
	t.ok(requests[0]?.signal?.aborted, "its socket is closed; the downstream keeps the order");
});

t.test("no naive try is sent once the deadline has passed, not even out of a wait", async (t) => {
	const { op, giveUp } = operation();
	const { api, requests } = fakeApi(() => 503);
	const outcome = outcomeOf(naiveClient({ tryTimeoutMs: 5_000, retryAfterMs: 3_600_000 }), api, op);
	while (requests.length < 1) await pause(1);
	await pause(0); // the wait between tries has begun
	giveUp();
	t.equal(await outcome, "unknown: deadline");
	t.equal(requests.length, 1);
});

t.test("however many orders fail, the guarded tries stay within orders and budget", async (t) => {
	const { api, requests } = fakeApi(() => 503);
	const place = guardedClient(guards);
	const orders = 300;
	for (let n = 0; n < orders; n++) await outcomeOf(place, api, operation(n).op);
	t.ok(requests.length > orders, "it does retry");
	t.ok(requests.length <= orders * 1.2 + 20, `${requests.length} tries of ${orders} orders`);
});

t.test("an order is tried at most 1 + retriesMax times", async (t) => {
	const { api, requests } = fakeApi(() => 503);
	t.equal(await outcomeOf(guardedClient(guards), api), "unknown: refused");
	t.equal(requests.length, 5);
});

t.test("what certainly was not sent has failed; what was sent may be there", async (t) => {
	const open = { ...guards, breakAfterFailures: 2, retriesMax: 0 };
	const { api, requests } = fakeApi(() => 503);
	const place = guardedClient(open);
	t.equal(await outcomeOf(place, api), "unknown: refused", "the downstream answered 503");
	t.equal(await outcomeOf(place, api), "unknown: refused");
	t.equal(await outcomeOf(place, api), "fail: circuit_open", "the breaker let nothing out");
	t.equal(requests.length, 2);
});

t.test("the reason of an unknown order tells how its last try ended", async (t) => {
	const once = { ...guards, retriesMax: 0 };
	const rows: [code: string, guards: Guards, answer: 503 | "silence" | "reset", why: string][] = [
		["unknown: try_timeout", { ...once, tryTimeoutMs: 5 }, "silence", "sent and timed out"],
		["unknown: connection", once, "reset", "the connection broke after it was sent"],
		["unknown: refused", once, 503, "answered, but not with 2xx"],
		[
			"unknown: circuit_open_after_try",
			{ ...guards, retriesMax: 1, breakAfterFailures: 1 },
			503,
			"the breaker opened between its tries",
		],
	];
	for (const [code, guards, answer, why] of rows)
		t.equal(await outcomeOf(guardedClient(guards), fakeApi(() => answer).api), code, why);
});

t.test("a guarded order that is given up stops trying", async (t) => {
	const { op, giveUp } = operation();
	const { api, requests } = fakeApi(() => "silence");
	const outcome = outcomeOf(guardedClient({ ...guards, tryTimeoutMs: 3_600_000 }), api, op);
	while (requests.length < 1) await pause(1);
	giveUp();
	t.match(await outcome, /^unknown: /);
	t.equal(requests.length, 1);
});

t.test("a budget starts full, refuses when it is empty, and fills by its share per order", (t) => {
	const budget = new RetryBudget(0.25, 2);
	const take = () => budget.take();
	t.same([take(), take(), take()], [true, true, false], "two to begin with");
	for (let order = 0; order < 3; order++) budget.payIn();
	t.notOk(take(), "three orders paid three quarters");
	budget.payIn();
	t.same([take(), take()], [true, false], "the fourth made it one");
	for (let order = 0; order < 100; order++) budget.payIn();
	t.same([take(), take(), take()], [true, true, false], "quiet times save up no storm");
	t.end();
});
