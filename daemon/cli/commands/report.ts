import { copyFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { FaultlineError, messageOf } from "../../../base/errors.ts";
import { openBaselines } from "../../compare/baseline-store.ts";
import { knownHome } from "../../home/home.ts";
import { RunStore } from "../../record/store.ts";
import { reportOf } from "../../report/run-report.ts";
import { findDaemon } from "../find-daemon.ts";
import { runIdOf } from "../run-id.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	out?: string;
}

/** `faultline report RUN`: the run as one HTML page; by this home's daemon if one answers, else from the disk. */
export default function addReport(program: Command): void {
	withSettings(program.command("report <run>"))
		.description("make a run's report, one HTML file, and say where it is")
		.option("--out <file>", "a copy there; default is report.html in the run's folder")
		.action(report);
}

async function report(meant: string, flags: Flags): Promise<void> {
	const settings = await settingsFrom(flags);
	const store = new RunStore(knownHome(settings.home).runs);
	const runId = runIdOf(store, meant);
	const document = store.read(runId);
	// What was asked for by hand is made anew: by this version, with what the scenario's baseline is now.
	rmSync(join(store.folderOf(runId), "report.html"), { force: true });
	const daemon = await findDaemon(settings);
	// A daemon makes it when that disturbs no measurement.
	const file = await reportOf(document, {
		store,
		baselines: openBaselines(settings),
		async when(make) {
			if (daemon === null) await make();
			else await daemon.text(`/runs/${encodeURIComponent(runId)}/report`);
		},
	});
	const out = flags.out === undefined ? file : resolve(flags.out);
	if (out !== file) copy(file, out);
	process.stdout.write(`${out}\n`);
}

function copy(from: string, to: string): void {
	try {
		copyFileSync(from, to);
	} catch (error) {
		throw new FaultlineError(
			"FLT_USAGE",
			`cannot write ${to}: ${messageOf(error)}`,
			"name another file by --out",
			error,
		);
	}
}
