import { Argument, type Command } from "commander";
import { FaultlineError } from "../../../base/errors.ts";
import {
	scenariosAsText,
	scenariosView,
	suitesAsText,
	suitesView,
} from "../../api/catalog-views.ts";
import { runsAsText, summaryOf } from "../../api/views.ts";
import { type Home, knownHome, openHome } from "../../home/home.ts";
import { ScenarioCatalog, SuiteCatalog } from "../../host/catalog.ts";
import { briefOf, type RunBrief } from "../../record/brief.ts";
import { isFinal } from "../../record/document.ts";
import { RunStore } from "../../record/store.ts";
import { SuiteStore } from "../../suites/store.ts";
import { asLeft } from "../as-left.ts";
import { writeDocument } from "../forms.ts";
import { type SettingFlags, settingsFrom, withSettings } from "../settings-flags.ts";

interface Flags extends SettingFlags {
	limit: string;
	json?: boolean;
}

const kinds = ["runs", "scenarios", "suites"] as const;
type Kind = (typeof kinds)[number];

/** `faultline list`: this home's runs, newest first, or what there is to run; whether or not a daemon runs. */
export default function addList(program: Command): void {
	withSettings(program.command("list"))
		.addArgument(new Argument("[what]", "what to list").choices(kinds).default("runs"))
		.description("list runs, newest first, or scenarios, or suites")
		.option("--limit <n>", "how many runs", "20")
		.option("--json", "as JSON")
		.action(async (what: Kind, flags: Flags) => {
			const limit = Number(flags.limit);
			if (!Number.isInteger(limit) || limit < 1) {
				throw new FaultlineError(
					"FLT_USAGE",
					`--limit is "${flags.limit}"`,
					"a whole number from 1",
				);
			}
			const folder = (await settingsFrom(flags)).home;
			// What there is to run can be asked before anything has run.
			const home = what === "runs" ? knownHome(folder) : openHome(folder);
			switch (what) {
				case "runs":
					return writeDocument({ runs: briefs(home, limit).map(summaryOf) }, flags, runsAsText);
				case "scenarios":
					return writeDocument(
						scenariosView(await new ScenarioCatalog().list(), briefs(home, 200)),
						flags,
						scenariosAsText,
					);
				case "suites":
					return writeDocument(
						suitesView(await new SuiteCatalog().list(), new SuiteStore(home.suites)),
						flags,
						suitesAsText,
					);
				default:
					return what satisfies never;
			}
		});
}

function briefs(home: Home, limit: number): RunBrief[] {
	const store = new RunStore(home.runs);
	try {
		return store
			.list(limit, null)
			.map((brief) =>
				isFinal(brief.state) ? brief : briefOf(asLeft(home, store.read(brief.runId))),
			);
	} finally {
		store.close();
	}
}
