import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { AlertsDocument, StackDocument } from "../../../daemon/api/views.ts";
import type { Started } from "../../../daemon/client/client.ts";
import { eventOf, liveDaemon, temporaryHome, triedOnce, until } from "../daemon.ts";

const programs = ["prometheus", "prometheus-alertmanager"];
const lacking = programs.filter((program) => spawnSync(program, ["--version"]).status !== 0);
const missing = lacking.length === 0 ? null : `${lacking.join(" and ")} not installed`;
const file = new URL("../../fixtures/scenarios/alerts.scenario.ts", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "faultline-alerts-"));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

const slow = 'faultline_load_response_seconds{load="reads",quantile="0.5"}';
const rules = [
	{ alert: "Good", expr: `${slow} > 0.4`, for: "1s" },
	{ alert: "Deaf", expr: `${slow} > 60` },
	{ alert: "Nervous", expr: 'faultline_scenario_value{gauge="blinks"} > 0.5' },
];

const config = {
	alerts: {
		sinks: [{ kind: "log" }],
		incoming: {
			evaluationMs: 1_000,
			rules: missing === null ? { Good: { forMs: 1_000 }, Deaf: {}, Nervous: {} } : {},
		},
	},
};
writeFileSync(join(folder, "faultline.config.ts"), `export default ${JSON.stringify(config)};\n`);
const home = temporaryHome(t);
mkdirSync(join(home.folder, "prometheus"));
// JSON is YAML.
const groups = [{ name: "planted", interval: "1s", rules }];
writeFileSync(join(home.folder, "prometheus", "rules.yml"), JSON.stringify({ groups }));
const main = join(process.cwd(), "daemon/main.ts");
const services = missing === null ? "redis,prometheus,alertmanager" : "redis";
const daemon = await liveDaemon(t, {
	home,
	cwd: folder,
	flags: ["--services", services],
	command: [process.execPath, main],
});
const { client } = daemon;
const { components } = await client.get<StackDocument>("/stack");
const alertmanager = components.find(({ name }) => name === "alertmanager")?.direct ?? null;

const { runId } = await client.post<Started>("/runs", { file, params: triedOnce });
await eventOf(client, runId, (event) => event.type === "alert" && event.rule === "good");
const alerts = () => client.get<AlertsDocument>("/alerts");
const good = (await alerts()).alerts.find(({ rule }) => rule === "good")!;
await client.post(`/alerts/${good.id}/ack`, { by: "ana" });
const toldAlertmanager = await until(async () => {
	if (alertmanager === null) return [];
	const told = (await (await fetch(`${alertmanager}/api/v2/alerts`)).json()) as {
		labels: Record<string, string>;
	}[];
	return told.some(({ labels }) => labels.alertname === "good") ? told : null;
});
await eventOf(client, runId, (event) => event.type === "end");
const document = await client.run(runId);
const by = (rule: string) => document.alerts.find((alert) => alert.rule === rule);

t.test("rules of the plan are told apart by their scores", async (t) => {
	t.equal(document.state, "done", JSON.stringify(document.reasons));
	t.match(document.faults, [{ kind: "latency", state: "healed" }]);
	t.comment(
		JSON.stringify(
			document.alerts.map(({ faults: _, ...one }: object & { faults?: object }) => one),
		),
	);
	t.match(by("good"), { origin: "plan", score: { precision: 1, recall: 1, falseCount: 0 } });
	t.match(by("deaf"), { firedMs: [], score: { precision: null, recall: 0, missedCount: 1 } });
	const nervous = by("nervous")!.score!;
	t.ok(nervous.falseCount >= 2, `${nervous.falseCount} false`);
	t.ok(nervous.precision !== null && nervous.precision <= 0.5, `precision ${nervous.precision}`);
});

t.test("who took an alert on, and when, is in the record", async (t) => {
	const { firedMs, acknowledgedMs } = by("good")!;
	t.equal(acknowledgedMs.length, firedMs.length);
	t.ok(acknowledgedMs[0]! > firedMs[0]!);
	t.match(
		(await alerts()).alerts.find(({ id }) => id === good.id),
		{
			state: "resolved",
			acknowledgedBy: "ana",
		},
	);
	t.match(daemon.output(), new RegExp(`alert good fired in run ${runId}`));
});

const skip = missing ?? false;
t.test("the same rules in a real Prometheus have the same scores", { skip }, async (t) => {
	t.match(by("Good"), { origin: "received", score: { precision: 1, recall: 1, falseCount: 0 } });
	t.match(by("Deaf"), { firedMs: [], score: { precision: null, recall: 0, missedCount: 1 } });
	const nervous = by("Nervous")!.score!;
	t.ok(nervous.falseCount >= 2, `${nervous.falseCount} false`);
	t.ok(nervous.precision !== null && nervous.precision <= 0.5, `precision ${nervous.precision}`);
});

t.test("a real Alertmanager gets what a plan's rules say", { skip }, async (t) => {
	const { labels } = toldAlertmanager.find(({ labels }) => labels.alertname === "good")!;
	t.match(labels, { source: "faultline", scenario: "alerts", run: runId });
	const { sinks } = await alerts();
	t.match(sinks, [{ kind: "log" }, { kind: "alertmanager", droppedCount: 0, waitingCount: 0 }]);
});
