import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { freePort } from "../../daemon/stack/ports.ts";
import { untapped } from "../untapped.ts";
import { until } from "./daemon.ts";

const programs = { prometheus: "prometheus", alertmanager: "prometheus-alertmanager" };
const taken = new Set<number>();

/** Why the real ones can't be run; null where both are there, by Debian's names. */
export function prometheusMissing(): string | null {
	const missing = Object.values(programs).filter(
		(program) => spawnSync(program, ["--version"]).status !== 0,
	);
	return missing.length === 0 ? null : `${missing.join(" and ")} not installed`;
}

/** Alertmanager that tells nobody; its URL. Ended with the test. */
export function startAlertmanager(t: Test, folder: string): Promise<string> {
	const config = join(folder, "alertmanager.yml");
	writeFileSync(config, "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n");
	return start(t, programs.alertmanager, [
		`--config.file=${config}`,
		`--storage.path=${join(folder, "alertmanager")}`,
		"--cluster.listen-address=",
	]);
}

/** Prometheus that scrapes the daemon twice a second, evaluates each second, and sends its alerts to the daemon. */
export function startPrometheus(
	t: Test,
	folder: string,
	{ daemon, rules }: { daemon: string; rules: { alert: string; expr: string; for?: string }[] },
): Promise<string> {
	const config = join(folder, "prometheus.yml");
	const ruleFile = join(folder, "rules.yml");
	const targets = [new URL(daemon).host];
	// JSON is YAML.
	writeFileSync(ruleFile, JSON.stringify({ groups: [{ name: "planted", interval: "1s", rules }] }));
	writeFileSync(
		config,
		JSON.stringify({
			global: { scrape_interval: "500ms", scrape_timeout: "500ms", evaluation_interval: "1s" },
			rule_files: [ruleFile],
			scrape_configs: [{ job_name: "faultline", static_configs: [{ targets }] }],
			alerting: { alertmanagers: [{ api_version: "v2", static_configs: [{ targets }] }] },
		}),
	);
	return start(t, programs.prometheus, [
		`--config.file=${config}`,
		`--storage.tsdb.path=${join(folder, "prometheus")}`,
	]);
}

async function start(t: Test, program: string, args: string[]): Promise<string> {
	const port = await freePort(taken);
	const listen = `--web.listen-address=127.0.0.1:${port}`;
	const child = spawn(...untapped(program, ...args, listen), {
		stdio: ["ignore", "ignore", "pipe"],
	});
	let output = "";
	child.stderr!.on("data", (bytes: Buffer) => (output += bytes));
	const exited = once(child, "exit").then(() => output);
	t.teardown(async () => {
		child.kill("SIGTERM");
		await exited;
	});
	const url = `http://127.0.0.1:${port}`;
	const ready = until(() =>
		fetch(`${url}/-/ready`).then(
			({ ok }) => ok,
			() => false,
		),
	);
	await Promise.race([
		ready,
		exited.then((output) => {
			throw new Error(`${program} ended before it was ready:\n${output}`);
		}),
	]);
	return url;
}
