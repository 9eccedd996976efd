import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import {
	holdControl,
	holdSeen,
	putControl,
	removeControl,
} from "../../../../chaos/subject/controls.ts";
import { until } from "../../../live/daemon.ts";
import { jsonLinesOf, noPython, python, pythonEnv } from "../../python.ts";

const program = fileURLToPath(new URL("held.py", import.meta.url));
const env = pythonEnv();

t.test(
	"a fault holds it at its step, sees that it stands there, and lets it go",
	{ skip: noPython },
	async (t) => {
		const folder = t.testdir();
		putControl(folder, holdControl, JSON.stringify({ step: "before-commit", faultId: "f1" }));
		const child = spawn(python!, [program], { env: { ...env, FLT_CONTROLS: folder } });
		let said = "";
		child.stdout.on("data", (bytes: Buffer) => (said += bytes));
		const ended = once(child, "close");
		const seen = () =>
			existsSync(join(folder, holdSeen)) && readFileSync(join(folder, holdSeen), "utf8");
		await until(() => seen() !== false && seen() !== "");
		t.match(JSON.parse(String(seen())), { step: "before-commit", faultId: "f1" });
		t.equal(said, '"before-send"\n');
		removeControl(folder, holdControl);
		t.equal((await ended)[0], 0);
		t.equal(seen(), "");
		t.match(said, /after-commit/);
	},
);

t.test(
	"outside of a run, and by an order that is none, nothing holds it",
	{ skip: noPython },
	(t) => {
		const all = ["before-send", "before-commit", "after-commit"];
		t.same(jsonLinesOf(program, { env: { ...env, FLT_CONTROLS: undefined } }), all);
		const folder = t.testdir({ [holdControl]: "{" });
		t.same(jsonLinesOf(program, { env: { ...env, FLT_CONTROLS: folder } }), all);
		t.end();
	},
);
