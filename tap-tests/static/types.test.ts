import { spawnSync } from "node:child_process";
import t from "tap";

t.test("every file type-checks, strictly", (t) => {
	const { status, stdout } = spawnSync("tsc", ["--noEmit"], { encoding: "utf8" });
	t.equal(status, 0, stdout);
	t.end();
});
