import { join } from "node:path";
import t from "tap";
import {
	attemptsFile,
	type Line,
	readLines,
} from "../../../../../scenarios/streams/exactly-once/attempts.ts";
import { attemptsIn } from "../../../../../scenarios/streams/exactly-once/oracle/attempts.ts";
import { flinkRun, replayed, skip } from "../../../subjects/streams/flink/replay.ts";

// What a job on Flink writes down of its attempts, on a sink that is none of Kafka's: what the oracle makes of it.

const replay = flinkRun(
	"tap-tests/scenarios/streams/exactly-once/flink/ReplayAttempts.java",
	"scenarios/streams/exactly-once/flink",
);

type Step =
	| ["write", partition: number, offset: number]
	| ["checkpoint"]
	| ["restore"]
	| ["commit", how: "done" | "refused" | "broken" | "later"]
	| ["anew"];

const written: Step[] = [
	["write", 2, 5],
	["write", 2, 6],
];
const prepared: Step[] = [...written, ["checkpoint"]];

t.setTimeout(180_000);
const known = [
	[
		"of one that is killed before its checkpoint",
		written,
		{ told: "aborted", offsets: [], written: false },
	],
	[
		"of one whose checkpoint was not complete",
		prepared,
		{ told: "aborted", offsets: [5, 6], ended: null },
	],
	[
		"of one that is committed",
		[...prepared, ["commit", "done"]],
		{ told: "committed", ended: "committed", offsets: [5, 6], written: true },
	],
	[
		"of one that is committed at the second try",
		[...prepared, ["commit", "later"], ["commit", "done"]],
		{ told: "committed", ended: "committed" },
	],
	[
		"of one whose commit is refused",
		[...prepared, ["commit", "refused"]],
		{ told: "aborted", ended: "fenced" },
	],
	[
		"of one whose commit breaks off",
		[...prepared, ["commit", "broken"]],
		{ told: "unknown", ended: "unknown" },
	],
	[
		"of one whose successor commits it",
		[...prepared, ["restore"], ["commit", "done"]],
		{ told: "committed", ended: "committed", commitMs: null },
	],
	[
		"of one whose successor is refused, before anybody else had asked",
		[...prepared, ["restore"], ["commit", "refused"]],
		{ told: "aborted", ended: "unknown" },
	],
	[
		"of one that was committed, whose successor is refused",
		[...prepared, ["commit", "done"], ["restore"], ["commit", "refused"]],
		{ told: "committed" },
	],
] as const;

const steps: Step[] = [
	...written,
	["write", 0, 9],
	["checkpoint"],
	["commit", "done"],
	...prepared,
];

// A JVM takes most of a second to start: all of them in one, each on partitions of its own.
t.test("what became of an attempt is known by what was written down", { skip }, async (t) => {
	const all = known.flatMap(([, steps], at): Step[] => [
		["anew"],
		...steps.map((step): Step => (step[0] === "write" ? ["write", at, step[2]] : [...step])),
	]);
	const on = known.length;
	const own = steps.map(
		(step): Step => (step[0] === "write" ? ["write", on + step[1], step[2]] : step),
	);
	const attempts = attemptsOf(t, [...all, ["anew"], ...own]);
	for (const [at, [title, , told]] of known.entries())
		t.match(
			attempts.filter(({ partition }) => partition === at),
			[told],
			`${title}: ${told.told}`,
		);
	const last = attempts.splice(known.length);
	t.equal(attempts.length, known.length);
	t.match(
		last,
		[
			{ partition: on + 2, offsets: [5, 6], told: "committed" },
			{ partition: on, offsets: [9], told: "committed" },
			{ partition: on + 2, offsets: [5, 6], told: "aborted" },
		],
		"each partition has an attempt of its own, and each checkpoint another",
	);
	t.equal(last.length, 3);
});

t.test("what a naive one has written is there, whatever becomes of it", { skip }, (t) => {
	const done: Step[] = [["write", 3, 5], ["checkpoint"], ["commit", "done"]];
	t.match(attemptsOf(t, [...prepared, ["anew"], ...done], "off"), [
		{ partition: 2, told: "unknown", written: true },
		{ partition: 3, told: "committed", ended: "committed" },
	]);
	t.end();
});

function attemptsOf(t: Parameters<typeof replayed>[0], steps: readonly Step[], guard = "on") {
	const said = replayed(
		t,
		replay,
		steps.map((step) => JSON.stringify(step)),
		{ GUARD: guard, NAME: "flink" },
	);
	const lines: Line[] = readLines(join(t.testdirName, attemptsFile));
	const attempts = attemptsIn(lines);
	const ids = new Set(attempts.map(({ id }) => id));
	t.ok(
		said.every((line) => ids.has(line.split(" ")[0]!)),
		"each posting carries its attempt",
	);
	return attempts;
}
