import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiClient } from "../client/client.ts";
import { quickLooks } from "../compare/looks.ts";
import { shownQuantiles } from "../duet/slices.ts";
import { openHome } from "../home/home.ts";
import { ownerToken } from "../home/owner-token.ts";
import type { Pair, PairShape } from "../record/duet.ts";
import { environment } from "../record/environment.ts";
import { blocksOf, type NoiseFigures, noiseFigures } from "./error-rates.ts";

// `node daemon/bench/measure-error-rates.ts SCENARIO.ts BASE PLANTED`, for `npm run bench -- error-rates`: pairs of the
// same against the same, and pairs in which side B does so many steps more of its own work; what they say of this
// host's noise, and the verdict of each disjoint block. Prints Markdown.

const [file = "", base = "", planted = ""] = process.argv.slice(2);
const samePairs = Number(process.env.SAME_PAIRS ?? 30);
const plantedPairs = Number(process.env.PLANTED_PAIRS ?? 15);
const shape: PairShape = {
	kind: "turns",
	warmMs: 2_000,
	turnMs: Number(process.env.TURN_MS ?? 3_000),
	turns: 5,
};

const home = mkdtempSync(join(tmpdir(), "faultline-rates-"));
const daemon = spawn(
	process.execPath,
	[
		"--no-warnings",
		fileURLToPath(new URL("../main.ts", import.meta.url)),
		"--home",
		home,
		"--port",
		"0",
		"--services",
		"redis",
	],
	{ stdio: ["ignore", "pipe", "inherit"] },
);
const ended = once(daemon, "exit");
try {
	const url = await new Promise<string>((resolve, reject) => {
		let output = "";
		daemon.stdout.on("data", (bytes: Buffer) => {
			output += bytes;
			const ready = /^ready (http\S+)$/m.exec(output)?.[1];
			if (ready !== undefined) resolve(ready);
		});
		void ended.then(() => reject(new Error(`the daemon ended before it was ready:\n${output}`)));
	});
	const client = new ApiClient(url, ownerToken(openHome(home)));
	const same = await pairsOf(client, samePairs, base);
	const worse = await pairsOf(client, plantedPairs, planted);
	process.stdout.write(reportOf(same, worse));
} finally {
	daemon.kill("SIGTERM");
	await ended;
	rmSync(home, { recursive: true, force: true });
}

/** So many pairs that count, by one look at their end. */
async function pairsOf(client: ApiClient, count: number, steps: string): Promise<Pair[]> {
	const side = (of: string) => ({ params: { steps: of }, urls: {} });
	const { runId } = await client.post<{ runId: string }>("/runs", {
		file,
		duet: {
			plan: { shape, looks: [{ pairs: count, alpha: 0.01 }] },
			variants: { a: side(base), b: side(steps) },
		},
	});
	const { duet, reasons } = await client.finished(runId, (event) => {
		if (event.type === "log") process.stderr.write(`${event.message}\n`);
	});
	if (duet === null) throw new Error(`the duet ended early: ${JSON.stringify(reasons)}`);
	return duet.pairs;
}

function reportOf(same: readonly Pair[], worse: readonly Pair[]): string {
	const { cpu, cores, kernel } = environment();
	const kept = (pairs: readonly Pair[]) => pairs.filter(({ dropped }) => dropped === null);
	const [a, b] = [kept(same), kept(worse)];
	const tookS = a.reduce((sum, { tookMs }) => sum + tookMs, 0) / a.length / 1_000;
	const blocks = (pairs: readonly Pair[]) =>
		blocksOf(pairs, quickLooks)
			.map(({ pairs, outcome, why }, i) => `| ${i + 1} | ${pairs} | ${outcome} | ${why} |`)
			.join("\n");
	const head = "| block | pairs | outcome | why |\n|---|---|---|---|";
	return `${[
		`Machine: ${cores} × ${cpu}, ${kernel}. ${new Date().toISOString().slice(0, 10)}. A pair: ${JSON.stringify(shape)}, ${tookS.toFixed(0)} s; ${base} steps a request, planted ${planted}.`,
		`## The same against the same: ${a.length} pairs, ${same.length - a.length} dropped`,
		tableOf(a),
		`${head}\n${blocks(a)}`,
		`## With the planted work: ${b.length} pairs, ${worse.length - b.length} dropped`,
		tableOf(b),
		`${head}\n${blocks(b)}`,
	].join("\n\n")}\n`;
}

function tableOf(pairs: readonly Pair[]): string {
	const names = (pairs[0]?.measures ?? []).map(({ name }) => name);
	const rows = names.flatMap((name) => {
		const worseLog = pairs.flatMap(
			({ measures }) => measures.find((measure) => measure.name === name)?.worseLog ?? [],
		);
		return worseLog.length < 3 ? [] : rowOf(noiseFigures(name, worseLog, valuesOf(name, pairs)));
	});
	return [
		"| metric | mean | sd of a pair | lag-1 | beyond 2 sd | furthest | common share |",
		"|---|---|---|---|---|---|---|",
		...rows,
	].join("\n");
}

function rowOf(figures: NoiseFigures): string {
	const { name, meanLog, sdLog, lag1, beyondTwoSdPct, furthestSd, commonShare } = figures;
	const pct = (log: number) => `${(100 * log).toFixed(2)} %`;
	const share = commonShare === null ? "–" : commonShare.toFixed(2);
	return `| ${name} | ${pct(meanLog)} | ${pct(sdLog)} | ${lag1.toFixed(2)} | ${beyondTwoSdPct.toFixed(1)} % | ${furthestSd.toFixed(1)} sd | ${share} |`;
}

/** Each side's own value of a quantile, session by session; none for what is no quantile. */
function valuesOf(name: string, pairs: readonly Pair[]): { a: number; b: number }[] {
	const at = shownQuantiles.findIndex((quantile) => name.endsWith(`.p${100 * quantile}`));
	if (at < 0) return [];
	return pairs.flatMap(({ loads }) => {
		const [load] = loads;
		const [a, b] = [load?.a.responseUs[at], load?.b.responseUs[at]];
		return a == null || b == null ? [] : [{ a, b }];
	});
}
