import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import {
	type Attempt,
	Attempts,
	type Line,
	readLines,
} from "../../../../scenarios/streams/exactly-once/attempts.ts";
import { attemptsIn } from "../../../../scenarios/streams/exactly-once/oracle/attempts.ts";

const work = { partition: 2, offsets: [5, 6] };
class Fenced extends Error {}

/** What is known of one attempt, made with this work; killed where it comes to a step for the given time. */
async function made(
	how: (attempt: Attempt) => Promise<void>,
	{ atomic = true, killedAt = "" } = {},
) {
	const lines: Line[] = [];
	const reach = (step: string) =>
		step === killedAt ? new Promise<never>(() => {}) : Promise.resolve();
	const attempts = new Attempts("p", { reach }, (line) => lines.push(line));
	const making = attempts.make({ ...work, atomic }, how, (error) => error instanceof Fenced);
	const done =
		killedAt === "" ? await making : await new Promise((resolve) => setImmediate(resolve));
	const [attempt] = attemptsIn(lines);
	return { done, attempt: attempt!, fencedCount: attempts.fencedCount };
}

const whole = async ({ step }: Attempt) => {
	await step("before-write");
	await step("before-commit");
	await step("after-commit");
};

t.test("an attempt that comes through is committed, and its commit is timed", async (t) => {
	const { done, attempt } = await made(whole);
	t.equal(done, true);
	t.match(attempt, { ...work, told: "committed", ended: "committed", written: true });
	t.ok(attempt.commitMs! >= 0 && attempt.commitMs! < 1_000);
});

const rows: [
	title: string,
	killedAt: string,
	atomic: boolean,
	told: string,
	written: boolean,
	why: string,
][] = [
	["before it has written", "before-write", true, "aborted", false, "nothing was sent"],
	["before its commit", "before-commit", true, "aborted", true, "its commit was never sent"],
	["before its commit", "before-commit", false, "unknown", true, "what it has written is there"],
	["after its commit", "after-commit", true, "committed", true, "the answer had come"],
];
for (const [title, killedAt, atomic, told, written, why] of rows)
	t.test(`killed ${title}, ${atomic ? "" : "not "}atomic: ${told}, for ${why}`, async (t) => {
		const { attempt } = await made(whole, { atomic, killedAt });
		t.match(attempt, { told, written, ended: null });
	});

t.test("an error before the commit aborts, one in it leaves open what became of it", async (t) => {
	const { done, attempt } = await made(async ({ step }) => {
		await step("before-write");
		throw new Error("the connection is gone");
	});
	t.equal(done, false);
	t.match(attempt, { told: "aborted", ended: "aborted" });
	const late = await made(async ({ step }) => {
		await step("before-commit");
		throw new Error("the connection is gone");
	});
	t.match(late.attempt, { told: "unknown", ended: "unknown", commitMs: null });
});

t.test("who is fenced has committed nothing, also where he had asked for it", async (t) => {
	const { attempt, fencedCount } = await made(async ({ step }) => {
		await step("before-commit");
		throw new Fenced();
	});
	t.match(attempt, { told: "aborted", ended: "fenced" });
	t.equal(fencedCount, 1);
	const loose = await made(
		async ({ step }) => {
			await step("before-commit");
			throw new Fenced();
		},
		{ atomic: false },
	);
	t.match(loose.attempt, { told: "unknown", ended: "fenced" });
});

t.test(
	"of which payments an attempt is may be told when it is whole, and its end by a successor",
	(t) => {
		const begin: Line = { atMs: 1, begin: "a", partition: 2, offsets: [], atomic: true };
		const whole: Line = { atMs: 2, id: "a", offsets: [5, 6] };
		const came: Line = { atMs: 3, id: "a", came: "before-commit" };
		t.match(attemptsIn([begin]), [{ told: "aborted", offsets: [] }]);
		t.match(attemptsIn([begin, whole, came]), [
			{ told: "aborted", offsets: [5, 6], written: true },
		]);
		const bySuccessor: Line[] = [
			{ atMs: 8, pid: 7, cpuMs: 1 },
			{ atMs: 9, id: "a", came: "after-commit" },
			{ atMs: 9, id: "a", ended: "committed", error: null },
		];
		t.match(attemptsIn([begin, whole, came, ...bySuccessor]), [
			{ told: "committed", offsets: [5, 6], ended: "committed", commitMs: null, committedAtMs: 9 },
		]);
		t.end();
	},
);

t.test("a line that was torn by a kill is no line", (t) => {
	const folder = t.testdir();
	const file = join(folder, "attempts.ndjson");
	t.same(readLines(file), [], "nor is a file that is not there");
	const line: Line = { atMs: 1, take: 0, next: 0, tookMs: 2 };
	writeFileSync(file, `${JSON.stringify(line)}\n{"atMs":2,"beg`);
	t.same(readLines(file), [line]);
	t.end();
});
