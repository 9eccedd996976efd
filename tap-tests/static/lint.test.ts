import { spawnSync } from "node:child_process";
import t from "tap";
import { untapped } from "../untapped.ts";

t.test("lint and format have nothing to say", (t) => {
	const { status, stdout, stderr } = spawnSync(...untapped("biome", "ci", "--colors=off", "."), {
		encoding: "utf8",
	});
	t.equal(status, 0, stdout + stderr);
	t.end();
});
