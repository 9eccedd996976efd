import t from "tap";
import { liveDaemon } from "../daemon.ts";
import { everyFault } from "./every-fault.ts";

// Runs with faults mostly wait, so that two daemons go side by side on two cores.
t.jobs = 2;

const lanes = [
	{ services: "postgres", fixtures: ["kinds", "kinds-process"] },
	{ services: "postgres,redis", fixtures: ["kinds-postgres", "kinds-redis"] },
];
for (const { services, fixtures } of lanes) {
	const title = `each fault of ${fixtures.join(" and ")} is seen where it breaks, heals and is seen to be gone`;
	t.test(title, { buffered: true }, async (t) => {
		const daemon = await liveDaemon(t, { flags: ["--services", services] });
		for (const fixture of fixtures) await everyFault(t, daemon, fixture);
	});
}
