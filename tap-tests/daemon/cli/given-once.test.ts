import { Command } from "commander";
import t from "tap";
import { refuseTwice } from "../../../daemon/cli/given-once.ts";
import { pairsOf } from "../../../daemon/cli/run-flags.ts";

function parsed(argv: string[]): Record<string, unknown> {
	const program = new Command().exitOverride();
	let seen: Record<string, unknown> = {};
	const note = (flags: Record<string, unknown>) => {
		seen = flags;
	};
	program
		.command("load")
		.option("--objective <text>", "one", "p50<1s")
		.option("--header <line>", "several", (line, known: string[] = []) => [...known, line])
		.option("--quiet", "none")
		.action(note);
	program.command("faults").command("inject").option("-o, --on <path>", "one").action(note);
	refuseTwice(program.commands);
	program.parse(argv, { from: "user" });
	return seen;
}

t.test(
	"an option that has one value is refused where it stands twice, and never the last taken",
	async (t) => {
		t.throws(() => parsed(["load", "--objective", "p99<1ms", "--objective", "errors<1%"]), {
			code: "FLT_USAGE",
			message: /--objective is there twice, as "p99<1ms" and "errors<1%"/,
		});
		t.throws(() => parsed(["load", "--objective=", "--objective", "p99<1ms"]), {
			code: "FLT_USAGE",
		});
		t.throws(
			() => parsed(["faults", "inject", "-o", "db", "--on", "kafka"]),
			{ message: /--on is there twice/ },
			"of a command within another, by its short name",
		);
	},
);

t.test(
	"what collects may be repeated, and so may a flag; a default counts for nothing",
	async (t) => {
		t.match(parsed(["load", "--header", "a: 1", "--header", "b: 2"]), { header: ["a: 1", "b: 2"] });
		t.match(parsed(["load", "--quiet", "--quiet"]), { quiet: true, objective: "p50<1s" });
		t.match(parsed(["load", "--objective", "p99<1ms"]), { objective: "p99<1ms" });
	},
);

t.test("a parameter has one value too", async (t) => {
	t.same(pairsOf(["a=1", "b=1=2"]), { a: "1", b: "1=2" });
	t.throws(() => pairsOf(["a=1", "a=2"]), { code: "FLT_USAGE", message: /a=… is there twice/ });
});
