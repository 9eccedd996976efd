import { realpathSync } from "node:fs";
import { parse, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Of the Faultline that runs. */
const root = realpathSync(fileURLToPath(new URL("../../", import.meta.url)));

const rooms: readonly string[] = ["base", "toxiproxy", "load", "chaos", "daemon"];

/** Files of `scenarios/` that the daemon imports as well: what experiments and it agree on. A test holds it to that. */
export const contract: readonly string[] = [
	"alert-rule",
	"chart",
	"facts",
	"index",
	"names",
	"params",
	"plan",
	"scenario",
	"suite",
];

/** Whether a file is of the engine that runs scenarios, which no scenario is made of. By its real path. */
export function isEngine(path: string): boolean {
	const [room = "", file = "", ...deeper] = relative(root, path).split(sep);
	if (rooms.includes(room)) return true;
	return room === "scenarios" && deeper.length === 0 && contract.includes(parse(file).name);
}
