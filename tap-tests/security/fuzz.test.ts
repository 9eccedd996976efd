import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import t from "tap";
import { ownerToken } from "../../daemon/home/owner-token.ts";
import { liveDaemon } from "../live/daemon.ts";

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

t.test(
	"a public fuzzer finds nothing in ten thousand requests",
	{ timeout: 1_700_000 },
	async (t) => {
		const program = fuzzer();
		const daemon = await liveDaemon(t, { flags: ["--services", "redis"] });
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
		t.equal(code, 0, said.slice(-8_000));
		const generated = Number(/(\d+) generated/.exec(said)?.[1] ?? 0);
		t.comment(`${generated} requests`);
		t.ok(generated >= 10_000 || process.env.FUZZ_EXAMPLES, `${generated} requests`);
		t.same(await daemon.client.get("/healthz"), { ok: true }, "and it lives");
		// It has neither Postgres nor Kafka, and says so wherever a run of theirs is asked for.
		const failed = /^\d\d:\S+ [A-Z]+ \/\S*: (?!(postgres|kafka) is missing)/m;
		t.notMatch(daemon.output(), failed, "no call failed inside");
	},
);
