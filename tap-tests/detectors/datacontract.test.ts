import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import t from "tap";
import {
	changesOf,
	compare,
} from "../../scenarios/contracts/contract-gate/compare-datacontract.ts";
import { withBoth } from "../../scenarios/contracts/contract-gate/datacontract/both.ts";
import { contractChanges } from "../../scenarios/contracts/contract-gate/datacontract/contract-changes.ts";
import { judgedChange } from "../../scenarios/contracts/contract-gate/datacontract/judged-changes.ts";
import { judgedStatement } from "../../scenarios/contracts/contract-gate/datacontract/judged-statements.ts";
import {
	disagreementsOf,
	reportText,
} from "../../scenarios/contracts/contract-gate/datacontract/report.ts";
import { statements } from "../../scenarios/contracts/contract-gate/datacontract/statements.ts";
import { fetchedTool } from "../live/fetched.ts";
import { scratchUrlFor } from "./contract-gate.ts";
import { ownPostgres } from "./own-postgres.ts";

// The gate of contracts beside datacontract-cli, on changes of a seed that nobody tuned to: CHANGES of FROM.

const count = Number(process.env.CHANGES ?? 60);
const from = Number(process.env.FROM ?? 19_101);

const tool = await fetchedTool("datacontract-cli");
const skip =
	tool === null && "datacontract-cli is not in the cache: faultline stack fetch datacontract-cli";

/** An audit hook of Python itself, loaded before anything else, that writes down every address. */
const hearing = `import os, sys
def hear(event, args):
    if event in ("socket.connect", "socket.sendto"):
        tell("CALLED", args[1])
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        tell("LOOKED UP", args[0])
def tell(what, whom):
    with open(os.environ["HEARD"], "a") as heard:
        print(what, whom, file=heard)
sys.addaudithook(hear)
tell("HEARING", None)
`;

let url: string;
t.before(async () => {
	if (skip) return;
	process.env.PATH = [tool!.bin, process.env.PATH].join(delimiter);
	url = await scratchUrlFor(await ownPostgres(t));
});

t.test(
	"where they differ it is known why, and the gate is right; and nothing leaves the machine",
	{ skip },
	async (t) => {
		const heard = join(t.testdir({ "sitecustomize.py": hearing }), "heard");
		process.env.PYTHONPATH = join(heard, "..");
		process.env.HEARD = heard;
		t.teardown(() => {
			delete process.env.PYTHONPATH;
			delete process.env.HEARD;
		});
		const { outcomes, version } = await withBoth(url, from, (both) =>
			compare(from, changesOf(from, count), both),
		);
		for (const line of reportText(version, outcomes).split("\n")) t.comment(line);
		const all = outcomes.flatMap((one) => (one.asked ? [one.compared] : []));
		const groups = disagreementsOf(all);
		const told = groups.map(({ reason, right, all }) => ({
			reason,
			right,
			names: all.map(({ name }) => name),
		}));
		t.same(
			told.filter(({ reason, right }) => reason === "unexplained" || right !== "our gate"),
			[],
		);
		t.ok(
			all.length > count / 2 && groups.length > 0,
			`${all.length} asked, ${groups.length} groups`,
		);
		const [first, ...lines] = readFileSync(heard, "utf8").trim().split("\n");
		t.equal(first, "HEARING None");
		t.same(
			lines.filter((line) => !/127\.0\.0\.1|localhost|'::1'/.test(line)),
			[],
		);
	},
);

t.test(
	"the gate judges what the standard lets a contract state, but for what it is known not to",
	{ skip },
	async (t) => {
		const others: string[] = [];
		await withBoth(url, from, async (both) => {
			for (const statement of statements) {
				const { name, ours, theirs, why } = await judgedStatement(both, statement);
				if (ours !== "judges") others.push(`${name}: ${ours}`);
				if (ours !== theirs) t.comment(`${name}: gate ${ours}, tool ${theirs} ${why.join("; ")}`);
			}
			for (const change of contractChanges) {
				const { name, effect, ours, theirs } = await judgedChange(both, change);
				if (ours !== effect) others.push(`${name}: ${ours}`);
				t.comment(`${name} is ${effect}: gate ${ours}, tool ${theirs}`);
			}
		});
		t.same(others, [
			"relationships: refuses",
			"slaProperties freshness: passes over",
			"fresher: breaking",
		]);
	},
);
