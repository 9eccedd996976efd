import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianService } from "../debian-program.ts";
import { findDaemonFor, prometheusTargets } from "../prometheus-targets.ts";
import type { Service } from "../service.ts";

/**
 * Prometheus that scrapes this daemon each second and sends it what its rules say, so that they are scored: all rule
 * files in `prometheus/` under the home.
 */
const prometheus: Service = {
	...debianService({ name: "Prometheus", program: "prometheus", packageName: "prometheus" }),

	async prepare({ home, component, ports }) {
		const folder = home.data("prometheus");
		mkdirSync(folder, { recursive: true });
		mkdirSync(join(home.folder, "prometheus"), { recursive: true });
		findDaemonFor(home);
		// The daemon listens once its stack is up, and writes this file then; Prometheus notices.
		const daemon = [{ files: [prometheusTargets(home)], refresh_interval: "1s" }];
		const configuration = JSON.stringify(
			{
				global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
				rule_files: [join(home.folder, "prometheus", "*.yml")],
				scrape_configs: [{ job_name: "faultline", file_sd_configs: daemon }],
				alerting: { alertmanagers: [{ api_version: "v2", file_sd_configs: daemon }] },
			},
			null,
			"\t",
		);
		const file = join(folder, "prometheus.yml"); // JSON is YAML
		writeFileSync(file, `${configuration}\n`);
		return {
			file: component.path,
			variables: {},
			folder,
			configuration,
			args: [
				`--config.file=${file}`,
				`--storage.tsdb.path=${join(folder, "series")}`,
				`--web.listen-address=127.0.0.1:${ports.direct}`,
			],
			user: null,
			staleFiles: [join(folder, "series", "lock")],
			beforeStart: null,
		};
	},
};

export default prometheus;
