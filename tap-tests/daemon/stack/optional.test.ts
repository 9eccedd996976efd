import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { openHome } from "../../../daemon/home/home.ts";
import { resolveSettings } from "../../../daemon/settings.ts";
import { prometheusTargets, tellPrometheus } from "../../../daemon/stack/prometheus-targets.ts";
import type { LaunchContext } from "../../../daemon/stack/service.ts";
import alertmanager from "../../../daemon/stack/services/alertmanager.ts";
import prometheus from "../../../daemon/stack/services/prometheus.ts";
import type { Cache } from "../../../daemon/tools/cache.ts";

const settingsWith = (services?: string) =>
	resolveSettings({
		flags: { services },
		env: {},
		config: {},
		folder: "/work",
		platform: "linux",
		userFolder: "/home/me",
	});

t.test("what is started on demand is there from the start on where it is named", (t) => {
	t.same(settingsWith().services, ["postgres", "redis", "kafka"]);
	t.same(settingsWith("redis,prometheus").services, ["redis", "prometheus"]);
	t.throws(() => settingsWith("redis,grafana"), { message: /redis, .*prometheus, alertmanager/ });
	t.end();
});

t.test("a program that is not there says which package has it", async (t) => {
	const cache = { env: { PATH: t.testdir() } } as unknown as Cache;
	await t.rejects(prometheus.fetch(cache), {
		code: "FLT_COMPONENT_MISSING",
		message: /no prometheus on the PATH/,
		hint: /apt-get install prometheus/,
	});
	t.match(alertmanager.survey(cache), { state: "missing", fix: /prometheus-alertmanager/ });
});

const component = { version: "2", source: "", path: "/usr/bin/prometheus" };

t.test("Prometheus reads the home's rules, and finds the daemon once it listens", async (t) => {
	const home = openHome(join(t.testdir(), "home"));
	tellPrometheus(home, "http://127.0.0.1:7070");
	t.notOk(existsSync(prometheusTargets(home)), "nobody asked for a Prometheus");

	const context = { home, component, ports: { direct: 1234 } } as unknown as LaunchContext;
	const { configuration, args } = await prometheus.prepare(context);
	const files = [{ files: [prometheusTargets(home)] }];
	t.match(JSON.parse(configuration), {
		rule_files: [join(home.folder, "prometheus", "*.yml")],
		scrape_configs: [{ file_sd_configs: files }],
		alerting: { alertmanagers: [{ file_sd_configs: files }] },
	});
	t.ok(args.includes("--web.listen-address=127.0.0.1:1234"));
	tellPrometheus(home, "http://127.0.0.1:7070");
	const targets = () => JSON.parse(readFileSync(prometheusTargets(home), "utf8"));
	t.same(targets(), [{ targets: ["127.0.0.1:7070"] }]);
	writeFileSync(home.daemonFile, JSON.stringify({ url: "http://127.0.0.1:7171" }));
	await prometheus.prepare(context);
	t.same(targets(), [{ targets: ["127.0.0.1:7171"] }], "one that is started later finds it too");
});

t.test("Alertmanager takes the home's configuration, else it tells nobody", async (t) => {
	const home = openHome(join(t.testdir(), "home"));
	const context = { home, component, ports: { direct: 1234 } } as unknown as LaunchContext;
	t.match((await alertmanager.prepare(context)).configuration, /receiver: nobody/);
	writeFileSync(join(home.folder, "alertmanager.yml"), "route: { receiver: ops }\n");
	const { configuration, args } = await alertmanager.prepare(context);
	t.match(configuration, /receiver: ops/);
	t.ok(args.includes("--cluster.listen-address="), "it looks for no others of its kind");
});
