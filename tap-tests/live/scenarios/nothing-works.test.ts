import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import type { ScenarioView } from "../../../daemon/api/catalog-views.ts";
import { ScenarioCatalog } from "../../../daemon/host/catalog.ts";
import type { ScenarioDescription } from "../../../daemon/host/protocol.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { type Way, ways } from "../../fixtures/scenarios/nothing-of.ts";
import { eventOf, type LiveDaemon, liveDaemon } from "../daemon.ts";
import { unfetched } from "../fetched.ts";

// What each shipped scenario says when nothing works at all: never that it passed. For `npm run test:scenarios`: each is
// a run of its own.

const wide = process.env.SEEDS !== undefined;
/** ONLY=part of a name leaves the others out. */
const only = new RegExp(process.env.ONLY ?? "");

const folder = t.testdir({});

/** A file beside no other: the shipped scenario, and the way in which nothing of it works. */
function fileOf(name: string, shipped: string, way: Way): string {
	const file = join(folder, `${name}-${way.replaceAll(" ", "-")}.scenario.ts`);
	const url = JSON.stringify(pathToFileURL(shipped).href);
	const helper = JSON.stringify(
		new URL("../../fixtures/scenarios/nothing-of.ts", import.meta.url).href,
	);
	writeFileSync(
		file,
		`import base from ${url};\nimport { nothingOf } from ${helper};\nexport default nothingOf(base, ${url}, "${way}");\n`,
	);
	return file;
}

/** A program of its own takes seconds to start: of what differs for the load alone one is enough there. */
function waysOf({ tools }: ScenarioDescription): Way[] {
	return tools.length > 0 ? ["not done", "subjects end"] : (Object.keys(ways) as Way[]);
}

/** What never comes back is not waited for long. */
async function runOf(
	{ client }: LiveDaemon,
	file: string,
	{ params: schema }: ScenarioDescription,
): Promise<RunDocument> {
	const { recoverLimitMs } = schema.properties as Record<string, { minimum?: number }>;
	const limits =
		recoverLimitMs === undefined
			? {}
			: { recoverLimitMs: Math.max(500, recoverLimitMs.minimum ?? 0) };
	const { runId } = await client.post<{ runId: string }>("/runs", {
		file,
		params: { size: "small", retries: 0, ...limits },
	});
	await eventOf(client, runId, ({ type }) => type === "end");
	return client.run(runId);
}

// They mostly wait, and nothing is measured: two daemons, each of which takes the next one.
const lanes = 2;
t.jobs = lanes;
let left: string[] | null = null;

for (let lane = 0; lane < lanes; lane++)
	t.test(
		`of no scenario is it said that it passed where nothing works: ${lane + 1} of ${lanes}`,
		{ skip: !wide, buffered: true },
		async (t) => {
			const daemon = await liveDaemon(t, { flags: ["--services", "postgres,kafka"] });
			const listed = await daemon.client.get<{ scenarios: ScenarioView[] }>("/scenarios");
			const wanted = listed.scenarios.flatMap(({ name }) => (only.test(name) ? [name] : []));
			t.ok(wanted.length > 0);
			left ??= wanted;
			const catalog = new ScenarioCatalog();
			for (let name = left.shift(); name !== undefined; name = left.shift()) {
				const description = await catalog.find(name);
				const lacking = await unfetched(description);
				if (lacking.length > 0) {
					t.skip(
						`${name}: ${lacking.join(", ")} not in the cache; npm run test:components fetches it`,
						() => {},
					);
					continue;
				}
				for (const way of waysOf(description))
					await t.test(`${name}: ${way}`, async (t) => {
						const file = fileOf(name, description.file, way);
						const document = await runOf(daemon, file, description);
						const { verdict, reasons, state } = document;
						const hasSubjects = document.reasons.some(({ code }) => code === "subject_ended");
						if (way === "subjects end" && name === "window-queries")
							t.notOk(hasSubjects, "it has no process of its own");
						else t.not(verdict, "passed", `${state}: ${JSON.stringify(document.checks)}`);
						t.comment(`${verdict}: ${[...new Set(reasons.map(({ code }) => code))].join(", ")}`);
					});
			}
		},
	);
