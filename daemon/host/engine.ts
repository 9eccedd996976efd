import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Of the Faultline that runs. */
const root = realpathSync(fileURLToPath(new URL("../../", import.meta.url)));

const rooms: readonly string[] = ["base", "toxiproxy", "load", "chaos", "daemon"];

/** Whether a file is of the engine that runs scenarios, which no scenario is made of. By its real path. */
export function isEngine(path: string): boolean {
	const [room = "", folder = "", ...deeper] = relative(root, path).split(sep);
	if (rooms.includes(room)) return true;
	// The contract is what experiments and the daemon agree on; the files beside it only hand things on.
	return room === "scenarios" && (folder === "contract" || deeper.length === 0);
}
