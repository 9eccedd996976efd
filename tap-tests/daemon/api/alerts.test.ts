import t from "tap";
import { alertDesk, zeroAtMs } from "../desk/desk-rig.ts";
import { apiRig } from "./rig.ts";

const at = (ms: number) => new Date(zeroAtMs + ms).toISOString();

async function rig(t: Parameters<typeof apiRig>[0]) {
	const desk = alertDesk();
	const api = await apiRig(t, { context: { alerts: desk.desk } });
	return { ...desk, ...api };
}

t.test("alerts are taken in as Alertmanager takes them", async (t) => {
	const { ask } = await rig(t);
	// As Prometheus 2.42 sends them.
	const posted = {
		labels: { alertname: "Slow", severity: "page" },
		annotations: { summary: "slow" },
		startsAt: "2026-01-01T00:00:00.123456789Z",
		endsAt: at(60_000),
		generatorURL: "http://localhost:9090/graph?g0.expr=up",
	};
	const { status, text } = await ask("POST", "/api/v2/alerts", { payload: [posted] });
	t.equal(status, 200);
	t.equal(text, "");
	const { body } = await ask("GET", "/alerts");
	t.match(body, { alerts: [{ rule: "Slow", origin: "received", state: "firing" }], pending: [] });
	t.match((await ask("GET", "/alerts?format=text")).text, /Slow +received +firing/);
});

t.test("what is no alert is refused, and none of the post is taken", async (t) => {
	const { ask } = await rig(t);
	const good = { labels: { alertname: "Slow" } };
	const rows: [payload: object, why: string][] = [
		[good, "no list"],
		[[good, { labels: { severity: "page" } }], "no name"],
		[[good, {}], "no labels"],
		[[{ ...good, startsAt: "yesterday" }], "no time"],
		[[{ labels: { alertname: "a\u001b[2J" } }], "a name that clears a screen"],
		[[{ labels: { alertname: "a", b: "x".repeat(5_000) } }], "a label that is a book"],
		[[{ labels: { alertname: "a", b: "x".repeat(3_000), c: "x".repeat(3_000) } }], "two of them"],
		[[{ ...good, endsAt: "2999-01-01T00:00:00Z" }], "it would fire for good"],
		[Array(501).fill(good), "more than a sender has at once"],
	];
	for (const [payload, why] of rows) {
		const { status, body } = await ask("POST", "/api/v2/alerts", { payload });
		t.equal(status, 400, why);
		t.equal(body.error.code, "FLT_USAGE");
	}
	t.same((await ask("GET", "/alerts")).body.alerts, []);
});

t.test("alerts are listed by pages", async (t) => {
	const { ask } = await rig(t);
	const payload = ["a", "b", "c"].map((alertname) => ({ labels: { alertname } }));
	await ask("POST", "/api/v2/alerts", { payload });
	const page = async (query: string) =>
		(await ask("GET", `/alerts${query}`)).body.alerts as { id: string; rule: string }[];
	const rules = (alerts: { rule: string }[]) => alerts.map(({ rule }) => rule);
	const first = await page("?limit=2");
	t.same(rules(first), ["c", "b"]);
	t.same(rules(await page(`?limit=2&before=${first[1]!.id}`)), ["a"]);
	t.equal((await ask("GET", "/alerts?before=nobody")).status, 404);
	t.equal((await ask("GET", "/alerts?limit=501")).status, 400);
});

t.test("another site's page can't send alerts or take one on", async (t) => {
	const { ask } = await rig(t);
	const headers = { "sec-fetch-site": "cross-site" };
	for (const [url, payload] of [
		["/api/v2/alerts", []],
		["/alerts/alert-1/ack", { by: "ana" }],
	] as const)
		t.equal((await ask("POST", url, { payload, headers })).status, 403, url);
});

t.test("an alert is taken on by somebody, once", async (t) => {
	const { ask, time } = await rig(t);
	await ask("POST", "/api/v2/alerts", { payload: [{ labels: { alertname: "Slow" } }] });
	const [{ id }] = (await ask("GET", "/alerts")).body.alerts;
	time.ms = 700;
	const { status, body } = await ask("POST", `/alerts/${id}/ack`, { payload: { by: "ana" } });
	t.equal(status, 200);
	t.match(body, { id, acknowledgedBy: "ana", timeToAcknowledgeMs: 700 });
	t.equal((await ask("POST", `/alerts/${id}/ack`, { payload: {} })).status, 400, "who?");
	t.equal((await ask("POST", "/alerts/x/ack", { payload: { by: "ana" } })).status, 404);
});

t.test("nothing that fired is said in words, with how the sinks do", async (t) => {
	const { ask } = await rig(t);
	t.equal(
		(await ask("GET", "/alerts?format=text")).text,
		"no alert has fired\nwebhook at http://hooks: 0 told, 0 waiting, 0 dropped\n",
	);
});
