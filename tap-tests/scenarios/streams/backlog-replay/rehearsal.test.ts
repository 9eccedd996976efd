import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import t from "tap";
import { rehearse } from "../../../../scenarios/streams/backlog-replay/rehearsal.ts";
import { untapped } from "../../../untapped.ts";

t.test("the replay by itself keeps to what is safe, and without its guards does not", async (t) => {
	const guarded = await rehearse(2_000, "on");
	t.comment(JSON.stringify(guarded));
	t.ok(guarded.peakPct <= 102, `${guarded.peakPct} %`);
	t.equal(guarded.errorCount, 0, "the sink turned nobody away");
	const naive = await rehearse(2_000, "off");
	t.comment(JSON.stringify(naive));
	t.ok(naive.errorCount > 0);
});

t.test("the README's command prints both, side by side", (t) => {
	const readme = readFileSync("scenarios/streams/backlog-replay/README.md", "utf8");
	const file = /^node (\S+rehearsal\.ts) --backlog \d+/m.exec(readme)?.[1] ?? "";
	const [program, args] = untapped(process.execPath, file, "--backlog", "300");
	const said = execFileSync(program, args, { encoding: "utf8" });
	t.match(said, "300 messages are to be replayed while 200 live writes come a second");
	t.match(said, /guarded .*\n.* naive /);
	t.end();
});
