import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import t from "tap";
import { ownerToken } from "../../daemon/home/owner-token.ts";
import { liveDaemon, temporaryHome } from "../live/daemon.ts";

/** Pinned: what a newer one finds is news, and no reason for a red night. */
const version = "4.32.5";
const config = resolve("tap-tests/security/schemathesis.toml");

/** The fuzzer in a Python environment of its own, made at the first time. */
function fuzzer(): string {
	const folder = join(homedir(), ".cache", "faultline", `schemathesis-${version}`);
	const program = join(folder, "bin", "st");
	if (existsSync(program)) return program;
	for (const [file, ...args] of [
		["python3", "-m", "venv", folder],
		[join(folder, "bin", "pip"), "install", "--quiet", `schemathesis==${version}`],
	] as const) {
		const { status, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
		if (status !== 0) throw new Error(`${file} ${args.join(" ")}: ${error ?? stderr}`);
	}
	return program;
}

/** What the fuzzer found. A start that is waited for is answered when its run is over: it waits less long for that. */
function foundBy(said: string): { failures: number; errors: number; waited: number } {
	const count = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(said)?.[1] ?? 0);
	const timedOut = [...said.matchAll(/Read timed out.*?Reproduce with:\s*(curl [^\n]*)/gs)];
	const waited = timedOut.filter(([, call]) => /\/start\b/.test(call!) && isWaitedFor.test(call!));
	return { failures: count("failed"), errors: count("errored"), waited: waited.length };
}

const isWaitedFor = /[?&]wait=(true|1)|"wait": ?"?(true|1)/;

t.test("a fuzzer's report is read: what it found, and what it did not wait for", (t) => {
	const error = (call: string) =>
		`Network Error\n\n  Read timed out after 30.0 seconds\n\nReproduce with:\n\n    curl ${call}\n`;
	const waited = error(`-X POST -d '{"wait": "true"}' 'http://h/scenarios/x/start?format=json'`);
	const hung = error("'http://h/runs?wait=true'");
	t.same(foundBy(`${waited}Test cases:\n  9 generated, 9 passed, 1 errored`), {
		failures: 0,
		errors: 1,
		waited: 1,
	});
	t.match(foundBy(`${hung}9 passed, 1 errored`), { errors: 1, waited: 0 });
	t.match(foundBy("Test cases: 9 generated, 7 passed, 2 failed"), { failures: 2, errors: 0 });
	t.end();
});

t.test(
	"a public fuzzer finds nothing in ten thousand requests",
	{ timeout: 1_700_000 },
	async (t) => {
		const program = fuzzer();
		const home = temporaryHome(t);
		// Where a folder should be: S3 does not come up, and no run that the fuzzer starts lasts for minutes.
		mkdirSync(dirname(home.data("s3")), { recursive: true });
		writeFileSync(home.data("s3"), "");
		const daemon = await liveDaemon(t, { home, flags: ["--services", "redis"] });
		const child = spawn(
			program,
			[
				"--config-file",
				config,
				"run",
				`${daemon.client.url}/openapi.json`,
				"-H",
				`Authorization: Bearer ${ownerToken(daemon.home)}`,
				"--max-examples",
				process.env.FUZZ_EXAMPLES ?? "320",
				"--seed",
				process.env.SEED ?? "1",
				"--phases",
				"examples,coverage,fuzzing",
				"--continue-on-failure",
				"--no-shrink",
				"--suppress-health-check",
				"all",
				"--warnings",
				"off",
				"--request-timeout",
				"30",
			],
			// It leaves a folder of its own where it works.
			{ cwd: daemon.home.folder, stdio: ["ignore", "pipe", "pipe"] },
		);
		let said = "";
		child.stdout.on("data", (bytes: Buffer) => (said += bytes));
		child.stderr.on("data", (bytes: Buffer) => (said += bytes));
		const code = await new Promise((resolve) => child.once("close", resolve));
		const { failures, errors, waited } = foundBy(said);
		// Before it comes the progress, which is drawn over itself.
		const report = said.slice(said.search(/={5,}/)).slice(0, 8_000);
		t.same({ failures, errors: errors - waited }, { failures: 0, errors: 0 }, report);
		t.ok(code === 0 || waited > 0, `it ended with ${code}`);
		const generated = Number(/(\d+) generated/.exec(said)?.[1] ?? 0);
		t.comment(`${generated} requests`);
		t.ok(generated >= 10_000 || process.env.FUZZ_EXAMPLES, `${generated} requests`);
		t.same(await daemon.client.get("/healthz"), { ok: true }, "and it lives");
		// It has neither Postgres nor Kafka, and says so wherever a run of theirs is asked for.
		const failed = /^\d\d:\S+ [A-Z]+ \/\S*: (?!(postgres|kafka) is missing)/m;
		t.notMatch(daemon.output(), failed, "no call failed inside");
	},
);
