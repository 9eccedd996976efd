import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { resolve } from "node:path";
import { Failures } from "./failures.ts";

// `npm test`: runs the suite part by part, prints the time of each against its budget, and ends with the plain line
// `N passed, N failed`, summed from tap's own results. Parts named on the command line run alone.

interface Part {
	name: string;
	budgetS: number;
	files: string[];
	/** How many at a time. Live files share two cores: one, but for those that only wait for what others do. */
	jobs: number;
	/** Takes longest: begun first, in a process of its own. */
	first?: string[];
	/** Those of the files that mostly wait, and measure nothing: three at a time, before the others. */
	waiting?: string[];
	/** So many files share a process, where most take less time than Node and tap take to start. */
	together?: number;
	/** Runs only where it is named: too long for every time. */
	onRequest?: true;
}

/** They mirror pure rooms, but start threads or processes of their own, and take seconds each. */
const startProcesses = [
	"tap-tests/chaos/kinds/within.test.ts",
	"tap-tests/load/{generator,watch-host}.test.ts",
	"tap-tests/load/drivers/*.test.ts",
	"tap-tests/daemon/host/*.test.ts",
	"tap-tests/daemon/record/old-home.test.ts",
	"tap-tests/daemon/runs/{manager,nothing-works,preflight,steady,tried-again}.test.ts",
	"tap-tests/daemon/stage/subjects.test.ts",
	"tap-tests/scenarios/contracts/{contract-gate,mesh-contracts}/in-git.test.ts",
	"tap-tests/scenarios/contracts/mesh-contracts/forge/web-routes.test.ts",
	"tap-tests/scenarios/storage/storage-tiers/tier-service.test.ts",
	"tap-tests/scenarios/streams/exactly-once/strike.test.ts",
	"tap-tests/daemon/cli/load.test.ts",
	"tap-tests/daemon/report/{render,browser}.test.ts",
	"tap-tests/daemon/compare/recheck.test.ts",
];

const parts: Part[] = [
	{ name: "static", budgetS: 12, files: ["tap-tests/static/*.test.ts"], jobs: 2 },
	{
		name: "pure",
		budgetS: 110,
		files: [
			"tap-tests/{base,toxiproxy,load,chaos,scenarios,daemon,verdicts}/**/*.test.ts",
			"tap-tests/mutation/*.test.ts",
		],
		jobs: 3,
		first: ["tap-tests/chaos/undo-matrix.test.ts"],
		together: 24,
	},
	{
		name: "processes",
		budgetS: 118,
		files: startProcesses,
		jobs: 2,
	},
	{ name: "load", budgetS: 48, files: ["tap-tests/live/load/*.test.ts"], jobs: 1 },
	{
		name: "faults",
		budgetS: 120,
		files: ["tap-tests/live/{stack,faults}/*.test.ts"],
		jobs: 1,
		waiting: [
			"tap-tests/live/stack/*.test.ts",
			"tap-tests/live/faults/{by-hand,external,hosts,kinds-kafka}.test.ts",
		],
	},
	{ name: "kills", budgetS: 56, files: ["tap-tests/live/kills/*.test.ts"], jobs: 2 },
	{ name: "api", budgetS: 22, files: ["tap-tests/live/api/*.test.ts"], jobs: 2 },
	{
		name: "scenarios",
		budgetS: 74,
		files: [
			"tap-tests/live/scenarios/!(*-defects|nothing-works|cdc-lakehouse|cdc-*snapshot|stream-engines).test.ts",
		],
		jobs: 1,
		waiting: ["tap-tests/live/scenarios/{alerts,explore,failure-modes,jobs}.test.ts"],
	},
	{
		name: "all-scenarios",
		budgetS: 900,
		files: [
			"tap-tests/live/scenarios/{every-scenario,nothing-works}.test.ts",
			"tap-tests/package/*.test.ts",
		],
		jobs: 1,
		onRequest: true,
	},
	{
		name: "defects",
		budgetS: 900,
		files: [
			"tap-tests/live/scenarios/{*-defects,cdc-lakehouse,cdc-*snapshot,stream-engines}.test.ts",
		],
		jobs: 1,
		onRequest: true,
	},
	{ name: "judgement", budgetS: 32, files: ["tap-tests/live/judgement/*.test.ts"], jobs: 1 },
	{
		name: "field",
		budgetS: 900,
		files: ["tap-tests/field/*.test.ts"],
		jobs: 1,
		onRequest: true,
	},
	{
		name: "security",
		budgetS: 1800,
		files: ["tap-tests/security/*.test.ts"],
		jobs: 1,
		onRequest: true,
	},
	{
		name: "components",
		budgetS: 1800,
		files: ["tap-tests/components/*.test.ts"],
		jobs: 1,
		onRequest: true,
	},
	{
		name: "detectors",
		budgetS: 1200,
		files: ["tap-tests/detectors/*.test.ts"],
		jobs: 1,
		onRequest: true,
	},
	{
		name: "crash",
		budgetS: 3600,
		files: ["tap-tests/crash/*.test.ts"],
		jobs: 1,
		onRequest: true,
	},
];

interface Result {
	files: string[];
	passed: number;
	failed: number;
	skipped: number;
	ok: boolean;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
	console.error(
		`no part ${unknown.join(", ")}; there are: ${parts.map(({ name }) => name).join(", ")}`,
	);
	process.exit(2);
}

const sum: Result = { files: [], passed: 0, failed: 0, skipped: 0, ok: true };
const times: string[] = [];
for (const part of parts) {
	if (wanted.length > 0 ? !wanted.includes(part.name) : part.onRequest) continue;
	const others = part.name === "pure" ? globSync(startProcesses) : [];
	const files = globSync(part.files)
		.filter((file) => !others.includes(file))
		.sort();
	if (files.length === 0) continue;
	console.log(`\n== ${part.name}: ${files.length} files`);
	const start = performance.now();
	const result: Result = { files: [], passed: 0, failed: 0, skipped: 0, ok: true };
	const waiting = globSync(part.waiting ?? []);
	for (const [some, jobs] of [
		[files.filter((file) => waiting.includes(file)), 3],
		[files.filter((file) => !waiting.includes(file)), part.jobs],
	] as const) {
		if (some.length === 0) continue;
		add(result, await runTap(groupsOf(some, part), jobs));
	}
	const seconds = (performance.now() - start) / 1000;
	const over = seconds > part.budgetS ? "  OVER BUDGET" : "";
	times.push(
		`${part.name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s of ${part.budgetS} s${over}`,
	);
	// A file that crashed outside of any test makes the part fail all the same, and so does one that was not heard of.
	const silent = files.filter((file) => !result.files.includes(file));
	if (silent.length > 0) console.log(`nothing was heard of ${silent.join(", ")}`);
	result.ok &&= silent.length === 0;
	if (!result.ok && result.failed === 0) result.failed = 1;
	add(sum, result);
}
console.log(`\n${times.join("\n")}\n`);
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : "";
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.ok && sum.failed === 0 && sum.passed > 0 ? 0 : 1;

function add(sum: Result, { files, passed, failed, skipped, ok }: Result): void {
	sum.files.push(...files);
	sum.passed += passed;
	sum.failed += failed;
	sum.skipped += skipped;
	sum.ok &&= ok;
}

/** Neighbours share most sources. */
function groupsOf(files: string[], { first = [], together = 1 }: Part): string[] {
	const others = files.filter((file) => !first.includes(file));
	const groups = files.filter((file) => first.includes(file));
	for (let n = 0; n < others.length; n += together)
		groups.push(others.slice(n, n + together).join(","));
	return groups;
}

/** Runs tap on the files, shows what failed and a line per file, and reads tap's closing `# { total: …, pass: … }`. */
function runTap(groups: string[], jobs: number): Promise<Result> {
	return new Promise((resolved) => {
		const child = spawn(process.execPath, ["tap-tests/part.ts", `${jobs}`, ...groups], {
			stdio: ["ignore", "pipe", "inherit"],
			env: {
				...process.env,
				// All of them, and what they start, strip and compile the same sources. Not from the working folder, which
				// differs: each would fill a cache of its own.
				NODE_COMPILE_CACHE: resolve("node_modules/.cache/faultline-tests"),
				// A broker that lives for seconds never earns back what its second compiler costs.
				JDK_JAVA_OPTIONS: "-XX:TieredStopAtLevel=1",
			},
		});
		const result: Result = { files: [], passed: 0, failed: 0, skipped: 0, ok: false };
		let rest = "";
		const failures = new Failures();
		child.stdout.on("data", (bytes: Buffer) => {
			const lines = (rest + bytes.toString()).split("\n");
			rest = lines.pop() ?? "";
			for (const line of lines) {
				const totals = /^# \{ (total: .*) \}$/.exec(line);
				if (totals !== null) readTotals(totals[1]!, result);
				const file = /^(?: {4})?((?:not )?ok \d+ - (tap-tests\/\S+).*)/.exec(line);
				if (file !== null) {
					console.log(file[1]);
					result.files.push(file[2]!);
				}
				failures.see(line);
			}
		});
		child.once("close", (code) => {
			result.ok = code === 0;
			resolved(result);
		});
	});
}

function readTotals(totals: string, result: Result): void {
	const count = (name: string) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(totals)?.[1] ?? 0);
	result.passed += count("pass");
	result.failed += count("fail");
	result.skipped += count("skip") + count("todo");
}
