import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { ownAlertmanager } from "../../../../daemon/desk/sinks/alertmanager.ts";
import type { Notification } from "../../../../daemon/desk/sinks/notification.ts";
import { openSink } from "../../../../daemon/desk/sinks/open-sink.ts";
import { Refused } from "../../../../daemon/outgoing/post-json.ts";
import type { ServiceState } from "../../../../daemon/stack/service.ts";

const fired: Notification = {
	id: "alert-1",
	rule: "few",
	change: "fired",
	runId: "r1",
	scenario: "s",
	case: "c",
	startedAt: "2026-01-01T00:00:00.000Z",
	endedAt: null,
};
const never = new AbortController().signal;

async function listener(t: Test, status: number) {
	const heard: { url: string | undefined; authorization: string | undefined; body: unknown }[] = [];
	const server = createServer((request, response) => {
		let text = "";
		request.on("data", (bytes: Buffer) => {
			text += bytes.toString();
		});
		request.on("end", () => {
			const { authorization } = request.headers;
			heard.push({ url: request.url, authorization, body: JSON.parse(text) });
			response.writeHead(status).end("a secret answer");
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => new Promise((resolve) => server.close(resolve)));
	return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

t.test("a webhook gets the change as JSON, with the headers of its owner", async (t) => {
	const { heard, url } = await listener(t, 204);
	const headers = { authorization: "Bearer hush" };
	const sink = openSink({ kind: "webhook", url: `${url}/hooks/hush?t=1`, headers }, () => {});
	await sink.deliver(fired, never);
	t.same(heard, [
		{ url: "/hooks/hush?t=1", authorization: "Bearer hush", body: { schema: 1, ...fired } },
	]);
	t.equal(sink.target, url, "no path and no query: they can be secrets");
});

t.test(
	"Alertmanager gets alerts in its own shape, an end in the future while they fire",
	async (t) => {
		const { heard, url } = await listener(t, 200);
		const sink = openSink({ kind: "alertmanager", url: `${url}/`, headers: {} }, () => {});
		await sink.deliver(fired, never);
		const endedAt = "2026-01-01T00:00:05.000Z";
		await sink.deliver({ ...fired, change: "resolved", endedAt }, never);
		const labels = { alertname: "few", source: "faultline", scenario: "s", run: "r1", case: "c" };
		t.match(heard, [
			{
				url: "/api/v2/alerts",
				body: [{ labels, startsAt: fired.startedAt, endsAt: "2026-01-01T01:00:00.000Z" }],
			},
			{ body: [{ labels, startsAt: fired.startedAt, endsAt: endedAt }] },
		]);
	},
);

t.test("what is worth another try is told from what is not, without the answer", async (t) => {
	for (const [status, refused] of [
		[404, true],
		[302, true],
		[429, false],
		[503, false],
	] as const) {
		const { url } = await listener(t, status);
		const sink = openSink({ kind: "webhook", url, headers: {} }, () => {});
		const error = await sink.deliver(fired, never).then(
			() => null,
			(error: Error) => error,
		);
		t.equal(error?.message, `it answered ${status}`);
		t.equal(error instanceof Refused, refused, `${status}`);
	}
});

t.test("the log gets a line", async (t) => {
	const lines: string[] = [];
	await openSink({ kind: "log" }, (line) => lines.push(line)).deliver(fired, never);
	t.same(lines, ["alert few fired in run r1"]);
});

t.test("our own Alertmanager is told while it is up, wherever it is then", async (t) => {
	const { heard, url } = await listener(t, 200);
	const up = { state: "up", how: "native", proxied: null, version: "1", root: null } as const;
	let state: ServiceState = { state: "off" };
	const sink = ownAlertmanager(() => state);
	t.notOk(sink.isThere!());
	await sink.deliver(fired, never);
	t.same(heard, [], "what happens meanwhile is not told");
	state = { ...up, endpoint: { kind: "http", url } };
	t.ok(sink.isThere!());
	t.equal(sink.target, url);
	await sink.deliver(fired, never);
	t.match(heard, [{ url: "/api/v2/alerts" }]);
});
