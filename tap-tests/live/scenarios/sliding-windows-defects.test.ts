import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import t from "tap";
import { recordsOf } from "../../../scenarios/kit/topic.ts";
import { compare } from "../../../scenarios/streams/sliding-windows/compare.ts";
import { expectedWindows } from "../../../scenarios/streams/sliding-windows/oracle/expected-windows.ts";
import { decode } from "../../../scenarios/streams/sliding-windows/purchase.ts";
import { lastingFolder } from "../../lasting-folder.ts";
import { untapped } from "../../untapped.ts";
import { until } from "../daemon.ts";
import { caughtBy, plantedRuns, wide } from "../planted.ts";

// Defects planted into the job and its producer, each caught by its checks. Only where SEEDS is set, as by `npm run
// test:defects`: each is a run of its own.
const file = new URL(
	"../../fixtures/scenarios/window-defects/window-defects.scenario.ts",
	import.meta.url,
).pathname;
const defects = plantedRuns(t, { file, services: "kafka", tries: 2 });

/** What is wrong, the checks that it must fail, and those that it fails too where its transaction had more in it. */
const planted: [defect: string, checks: string[], why: string, perhaps?: string][] = [
	["drops", ["log-as-sent"], "a producer that says 2 % were sent that were not"],
	[
		"believes-clocks",
		["windows-exact", "each-accounted"],
		"a watermark that follows a clock which is ten minutes ahead",
	],
	["waits-for-ever", ["windows-exact"], "a quiet partition whose time stands still"],
	[
		"forgets-soon",
		["windows-exact", "each-accounted"],
		"a dedup that forgets before the last repeat has come",
	],
	["keeps-state", ["state-let-go"], "a changelog in which nothing ends"],
	[
		"starts-empty",
		["windows-exact", "each-accounted", "state-let-go"],
		"a job that goes on without the state of the one that was killed",
	],
	[
		"starts-over",
		["each-accounted", "goes-on-where-committed"],
		"a job that begins at the start, whatever was committed",
	],
	["gives-early", ["given-once"], "results that are given before their transaction is committed"],
	[
		"reads-uncommitted",
		["windows-exact"],
		"a state that is restored from what was aborted",
		"state-let-go",
	],
];
for (const [defect, checks, why, perhaps] of planted)
	t.test(`${why} is caught by ${checks.join(" and ")}`, { skip: !wide }, async (t) => {
		const document = await defects.run({ defect });
		caughtBy(t, document, checks, perhaps === undefined ? [] : [perhaps]);
	});

const folder = new URL("../../../scenarios/streams/sliding-windows/", import.meta.url);

t.test(
	"the README's commands fill a broker's topics, and count what is there",
	{ skip: !wide },
	async (t) => {
		const { components } = await defects.client.get<{
			components: { name: string; direct: string | null }[];
		}>("/stack");
		const brokers = components
			.find(({ name }) => name === "kafka")!
			.direct!.replace("kafka://", "");
		const generate = "generate.ts --seed 7 --count 20000";
		const consume = "INPUT=purchases NAME=consumer-1 node consumer.ts";
		const readme = readFileSync(new URL("README.md", folder), "utf8");
		t.ok(readme.includes(`node ${generate} --brokers`) && readme.includes(consume));
		const args = [...generate.split(" "), "--brokers", brokers, "--topic", "purchases"];
		execFileSync(process.execPath, args, { cwd: folder });
		const child = spawn(...untapped(process.execPath, new URL("consumer.ts", folder).pathname), {
			cwd: lastingFolder(t),
			env: { ...process.env, FLT_PATH_LOG: brokers, INPUT: "purchases", NAME: "consumer-1" },
			stdio: ["ignore", "pipe", "inherit"],
		});
		t.teardown(() => child.kill("SIGKILL"));
		let output = "";
		child.stdout!.on("data", (bytes: Buffer) => (output += bytes));
		const port = await until(() => /FLT_READY {"port":(\d+)}/.exec(output)?.[1]);
		await until(async () => {
			const answer = await fetch(`http://127.0.0.1:${port}/`);
			const { positions } = (await answer.json()) as { positions: Record<string, number> };
			return Object.values(positions).reduce((a, b) => a + b, 0) === 20_000;
		});
		child.kill("SIGTERM");
		await once(child, "exit");
		t.equal(child.exitCode, 0);
		const direct = { kafka: { kind: "kafka" as const, brokers: [brokers] } };
		const given = await recordsOf(direct, "purchases-results");
		const purchases = (await recordsOf(direct, "purchases")).map(({ value }) => decode(value!));
		const found = compare(
			given.map(({ key, value }) => ({ key: key!, value: String(value) })),
			expectedWindows(purchases),
		);
		t.match(found, { wrong: { count: 0 }, extra: { count: 0 }, again: { count: 0 } });
		t.ok(found.rightCount > found.expectedCount / 2, "all but the windows that are still open");
	},
);
