import t from "tap";
import { loadKind } from "../../../chaos/kinds.ts";
import { liveDaemon } from "../daemon.ts";
import { everyFault } from "./every-fault.ts";

// Runs with faults mostly wait, so that two daemons go side by side on two cores.
t.jobs = 2;

const why = await (await loadKind("tablespace-full")).available!(() => true);
if (why !== null) t.pass("tablespace-full", { skip: why });
const lacking = why === null ? {} : { without: "tablespace-full" };

const lanes = [
	{ services: "postgres", fixtures: { kinds: {}, "kinds-process": {} } },
	{ services: "postgres,redis", fixtures: { "kinds-postgres": lacking, "kinds-redis": {} } },
];
for (const { services, fixtures } of lanes) {
	const title = `each fault of ${Object.keys(fixtures).join(" and ")} is seen where it breaks, heals and is seen to be gone`;
	t.test(title, { buffered: true }, async (t) => {
		const daemon = await liveDaemon(t, { flags: ["--services", services] });
		for (const [fixture, params] of Object.entries(fixtures))
			await everyFault(t, daemon, fixture, params);
	});
}
