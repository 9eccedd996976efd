import { spawnSync } from "node:child_process";
import t from "tap";
import { untapped } from "../untapped.ts";

t.test("every file type-checks, strictly", (t) => {
	const { status, stdout } = spawnSync(...untapped("tsc", "--noEmit"), { encoding: "utf8" });
	t.equal(status, 0, stdout);
	t.end();
});
