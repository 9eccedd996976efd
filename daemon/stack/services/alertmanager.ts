import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianService } from "../debian-program.ts";
import type { Service } from "../service.ts";

/** What it does with alerts where nobody says: it keeps and shows them. */
const tellsNobody = "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n";

/**
 * Alertmanager, which is told what the rules of plans say; by the configuration in `alertmanager.yml` under the home
 * where there is one.
 */
const alertmanager: Service = {
	...debianService({
		name: "Alertmanager",
		program: "prometheus-alertmanager",
		packageName: "prometheus-alertmanager",
	}),

	async prepare({ home, component, ports }) {
		const folder = home.data("alertmanager");
		mkdirSync(folder, { recursive: true });
		const own = join(home.folder, "alertmanager.yml");
		const configuration = existsSync(own) ? readFileSync(own, "utf8") : tellsNobody;
		const file = join(folder, "alertmanager.yml");
		writeFileSync(file, configuration);
		return {
			file: component.path,
			variables: {},
			folder,
			configuration,
			args: [
				`--config.file=${file}`,
				`--storage.path=${join(folder, "alerts")}`,
				`--web.listen-address=127.0.0.1:${ports.direct}`,
				// It would look for others of its kind.
				"--cluster.listen-address=",
			],
			user: null,
			staleFiles: [],
			beforeStart: null,
		};
	},
};

export default alertmanager;
