import t from "tap";
import { audit } from "../../../../scenarios/streams/ingest-backpressure/audit.ts";
import {
	type Asked,
	type Decision,
	decisionsIn,
	type Refusal,
} from "../../../../scenarios/streams/ingest-backpressure/decisions.ts";

const asked = (key: number, priority: number): Asked => ({
	key,
	client: 1,
	priority,
	deadlineAtMs: 1_000,
});
const queued = (key: number, priority = 1): Decision => ({
	is: "queued",
	atMs: key,
	...asked(key, priority),
});
const refused = (key: number, priority = 1, why: Refusal = "queue_full"): Decision => ({
	is: "refused",
	atMs: key,
	...asked(key, priority),
	why,
});
const dropped = (key: number, why: Refusal = "evicted"): Decision => ({
	is: "dropped",
	atMs: 500,
	key,
	why,
});
const started = (key: number, underWay = 1, limit = 4, atMs = 500): Decision => ({
	is: "started",
	atMs,
	key,
	underWay,
	limit,
});
const ended = (key: number, how: "done" | "late" | "error" = "done"): Decision => ({
	is: "ended",
	atMs: 600,
	key,
	how,
});

const counts = [
	"forNobodyCount",
	"unfairCount",
	"outOfTurnCount",
	"overLimitCount",
	"errorCount",
] as const;
/** What the audit holds against these, by name. */
function against(decisions: Decision[], byPriority = true): string[] {
	const found = audit(decisions, { byPriority });
	return counts.filter((name) => found[name] !== 0);
}

t.test("each breach of the rules is counted as what it is", (t) => {
	const rows: [decisions: Decision[], found: string[], why: string][] = [
		[[queued(1), queued(2), started(1), started(2, 2), ended(1), ended(2)], [], "all in turn"],
		[[queued(1, 2), queued(2, 0), started(2)], [], "the important one first"],
		[[queued(1, 1), queued(2, 1), started(2)], ["outOfTurnCount"], "a later one of its kind"],
		[[queued(1, 0), queued(2, 1), started(2)], ["outOfTurnCount"], "a less important one"],
		[[queued(1), started(1, 1, 4, 1_000)], ["forNobodyCount"], "just when its client gives up"],
		[[queued(1), started(1, 1, 4, 999)], [], "just before that"],
		[
			[queued(1), queued(2), started(1, 1, 1), started(2, 2, 1)],
			["overLimitCount"],
			"one too many",
		],
		[[queued(1), queued(2), started(1), started(2, 1)], ["overLimitCount"], "a wrong count"],
		[[queued(1, 1), refused(2, 1)], [], "nothing less important waits"],
		[[queued(1, 2), refused(2, 1)], ["unfairCount"], "the background waits"],
		[[queued(1, 2), refused(2, 1, "no_time")], [], "not for want of room"],
		[[queued(1, 2), queued(2, 1), dropped(1), queued(3, 0)], [], "the least important made room"],
		[[queued(1, 2), queued(2, 1), dropped(2), queued(3, 0)], ["unfairCount"], "another did"],
		[[queued(1, 1), dropped(1), queued(2, 1)], ["unfairCount"], "for one that is no better"],
		[[queued(1, 1), dropped(1, "no_time"), queued(2, 1)], [], "it left by itself"],
		[[queued(1), started(1), ended(1, "error")], ["errorCount"], "the store failed"],
		[[queued(1), started(1), ended(1, "late")], [], "only late"],
	];
	for (const [decisions, found, why] of rows) t.same(against(decisions), found, why);
	t.end();
});

t.test("where importance is no rule, who came first is first", (t) => {
	t.same(against([queued(1, 2), queued(2, 0), started(1)], false), []);
	t.same(against([queued(1, 2), queued(2, 0), started(2)], false), ["outOfTurnCount"]);
	t.end();
});

t.test("it counts who came, who waited, and who was under way", (t) => {
	const found = audit(
		[queued(1), queued(2), refused(3), started(1), queued(4), dropped(4, "no_time"), started(2, 2)],
		{ byPriority: true },
	);
	t.match(found, {
		receivedCount: 4,
		refusedCount: 2,
		shedCount: 1,
		startedCount: 2,
		waitingMax: 2,
		underWayMax: 2,
	});
	t.end();
});

t.test("of a process that was killed nothing goes on", (t) => {
	const begun: Decision = { is: "begun", atMs: 700 };
	const decisions = [begun, queued(1), queued(2), started(1), begun, queued(1), started(1)];
	t.same(against(decisions), []);
	t.equal(audit(decisions, { byPriority: true }).waitingMax, 2);
	t.end();
});

t.test("decisions that can't have been made are no audit", (t) => {
	t.throws(() => audit([started(1)], { byPriority: true }), /request 1, which does not wait/);
	t.end();
});

t.test("the last line of a killed process may be torn", (t) => {
	const whole = [queued(1), started(1)];
	const text = whole.map((one) => `${JSON.stringify(one)}\n`).join("");
	t.same(decisionsIn(`${text}{"is":"end`), whole);
	t.same(decisionsIn(""), []);
	t.end();
});
