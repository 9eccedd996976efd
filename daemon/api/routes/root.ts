import type { FastifyInstance } from "fastify";
import { ownVersion } from "../../record/environment.ts";

/** What a browser that opens the printed address is shown: where everything is. */
const links = {
	scenarios: "/scenarios",
	suites: "/suites",
	runs: "/runs",
	faults: "/faults",
	alerts: "/alerts",
	baselines: "/baselines",
	stack: "/stack",
	nightly: "/nightly",
	metrics: "/metrics",
	openapi: "/openapi.json",
};

export function rootRoutes(app: FastifyInstance): void {
	app.get("/", { schema: { summary: "Which Faultline this is, and where everything is" } }, () => ({
		faultline: ownVersion(),
		links,
	}));
}
