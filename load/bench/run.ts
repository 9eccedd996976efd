import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadEntry, scanFolder } from "../../base/catalog.ts";
import type { Row } from "./contest.ts";
import { machineText } from "./machine.ts";
import { openRig, type Part } from "./rig.ts";

// `npm run bench`: the same work by Faultline and by each peer that is installed, in turn, several rounds; prints a
// table of ratios, and with `--write` keeps it in RESULTS.md. `-- http redis` runs parts alone; `--quick` runs one
// short round.

const folder = new URL("./parts/", import.meta.url);
const flags = process.argv.slice(2);
const wanted = flags.filter((flag) => !flag.startsWith("--"));
const quick = flags.includes("--quick");
const { rig, close } = openRig(quick);

// However it ends, as by a reader of its table that has gone: its services are in sessions of their own, and would stay.
process.once("exit", close);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const rows: Row[] = [];
try {
	for (const name of scanFolder(folder).keys()) {
		const part = await loadEntry<Part>(folder, name, "part of the benchmark");
		if (wanted.length > 0 ? !wanted.includes(name) : part.onRequest) continue;
		process.stderr.write(`${name} …\n`);
		rows.push(...(await part.run(rig)));
	}
} finally {
	close();
}
const text = tableOf(rows);
process.stdout.write(text);
if (flags.includes("--write")) {
	const intro = `# What \`npm run bench\` measured\n\nMachine: ${machineText()}. ${new Date().toISOString().slice(0, 10)}, ${rig.rounds} rounds of ${rig.seconds} s; ratios are medians over the rounds, each of ours against the peer's beside it.\n\n`;
	const file = fileURLToPath(new URL("./RESULTS.md", import.meta.url));
	// What people have written about it stays.
	const notes = /^## [\s\S]*/m.exec(readFileSync(file, "utf8"))?.[0] ?? "";
	writeFileSync(file, `${intro}${text}\n${notes}`);
}

function tableOf(rows: Row[]): string {
	const number = (value: number | null) =>
		value === null ? "–" : Number(value.toPrecision(3)).toLocaleString("en");
	const lines = rows.map(({ what, unit, ours, peer, oursMedian, peerMedian, ratio, goal }) => {
		const verdict = ratio !== null ? number(ratio) : peerMedian === null ? "–" : "no figure";
		return `| ${what} | ${ours} ${number(oursMedian)}${unit} | ${peer} ${number(peerMedian)}${unit} | ${verdict} | ${number(goal)} |`;
	});
	return `| what | ours | peer | ratio | goal |\n|---|---|---|---|---|\n${lines.join("\n")}\n`;
}
