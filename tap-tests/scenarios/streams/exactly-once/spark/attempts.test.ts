import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { attemptsFile, readLines } from "../../../../../scenarios/streams/exactly-once/attempts.ts";
import { attemptsIn } from "../../../../../scenarios/streams/exactly-once/oracle/attempts.ts";
import { jsonLinesOf, noPython, pythonEnv } from "../../../python.ts";

// What the sinks of a query on Spark write down of their attempts, on a log that is none of Kafka's: what the oracle makes of it.

const replay = fileURLToPath(new URL("replay_attempts.py", import.meta.url));

type Sink = "once" | "plain";
/** `cut` before the commit, `unanswered` after it; `not-done`: Spark does not come to write it down. */
type How = "done" | "cut" | "refused" | "unanswered" | "not-done";

const cases: [sink: Sink, how: How, killedAt: string, told: object, isThere: boolean][] = [
	["once", "done", "", { told: "committed", ended: "committed", written: true }, true],
	["once", "done", "before-write", { told: "aborted", ended: null, written: false }, false],
	["once", "done", "before-commit", { told: "aborted", ended: null, written: true }, false],
	["once", "done", "after-commit", { told: "committed", ended: null }, true],
	["once", "cut", "", { told: "aborted", ended: "aborted", written: false }, false],
	["once", "refused", "", { told: "aborted", ended: "fenced", written: true }, false],
	["once", "unanswered", "", { told: "unknown", ended: "unknown", written: true }, true],
	["plain", "done", "", { told: "committed", ended: "committed", written: true }, true],
	["plain", "done", "before-write", { told: "unknown", ended: null, written: false }, false],
	["plain", "done", "before-commit", { told: "unknown", ended: null, written: true }, true],
	["plain", "not-done", "", { told: "unknown", ended: null, written: true }, true],
	["plain", "done", "after-commit", { told: "committed", ended: null }, true],
	["plain", "cut", "", { told: "unknown", ended: "aborted", written: false }, false],
];

t.test("what became of an attempt is known by what was written down", { skip: noPython }, (t) => {
	const cwd = t.testdir();
	const nameOf = (at: number) => `case${at}`;
	const there = jsonLinesOf(replay, {
		cwd,
		env: pythonEnv("scenarios/streams/exactly-once/spark", "scenarios/subjects/streams/spark"),
		input: cases
			.map(([sink, how, killedAt], at) => JSON.stringify([nameOf(at), sink, how, killedAt]))
			.join("\n"),
	}) as [partition: number, attempt: string][][];
	const attempts = attemptsIn(readLines(join(cwd, attemptsFile)));
	for (const [at, [sink, how, killedAt, told, isThere]] of cases.entries()) {
		const title = `${sink}, ${how}, killed at ${killedAt === "" ? "no step" : killedAt}`;
		const own = attempts.filter(({ id }) => id.startsWith(`${nameOf(at)}-`));
		t.match(
			own,
			[
				{ partition: 2, offsets: [5, 6], ...told },
				{ partition: 0, offsets: [9], ...told },
			],
			`${title}: each partition has one of its own`,
		);
		t.equal(own.length, 2, title);
		const ids = [own[0]!.id, own[1]!.id, own[0]!.id];
		const wanted = ids.map((id, n) => [n === 1 ? 0 : 2, id]);
		t.same(there[at], isThere ? wanted : [], `${title}: each posting carries its attempt`);
	}
	t.end();
});
