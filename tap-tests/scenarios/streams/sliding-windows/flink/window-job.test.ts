import t, { type Test } from "tap";
import { partitionOfKey } from "../../../../../load/wire/kafka-partitioner.ts";
import type { Left } from "../../../../../scenarios/streams/sliding-windows/engine.ts";
import {
	decode,
	decodeNaively,
	encode,
} from "../../../../../scenarios/streams/sliding-windows/purchase.ts";
import {
	PurchaseStream,
	startMs,
} from "../../../../../scenarios/streams/sliding-windows/purchases.ts";
import { leftOf, WindowJob } from "../../../../../scenarios/streams/sliding-windows/window-job.ts";
import { afterEvent, noTimeYet } from "../../../../../scenarios/subjects/streams/watermark.ts";
import { flinkRun, replayed, skip } from "../../../subjects/streams/flink/replay.ts";

// The job of Flink's in Flink's state, without a cluster, on the messages of a seed: held against the job of Node's.

const replay = flinkRun(
	"tap-tests/scenarios/streams/sliding-windows/flink/ReplayWindows.java",
	"scenarios/streams/sliding-windows/flink",
);
const rules = { delayMsMax: 120_000, horizonMs: 2_400_000, skewMs: 20_000 };

/** As `ReplayWindows.java` takes them; what comes of a line before which there is no step is lost. */
type Step = readonly [what: string, bearing: unknown];
type Line = readonly [step: number, what: string, bearing?: unknown];
const noStep = -1;

interface Life {
	seed: number;
	isNaive: boolean;
	/** Whether it goes on from checkpoints, each of which was overtaken by messages that it has not. */
	isRestored: boolean;
}

/**
 * The steps of the partition that is quiet now and then, where it goes by the time of another; and of one user whose name has
 * all that JSON escapes or does not.
 */
function* stepsOf({ seed, isNaive }: Life): Generator<Step> {
	const partitions = 2;
	const purchases = new PurchaseStream(
		{
			...rules,
			seed,
			users: 20,
			partitions,
			gapMs: 500,
			repeatedPct: 4,
			aheadMs: 600_000,
			quietCount: 900,
		},
		(key) => partitionOfKey(Buffer.from(key), partitions),
	);
	const { quietPartition } = purchases;
	let otherMs = noTimeYet;
	// As what ends a stream is written, which has no number.
	const unnumbered = { id: "", user: "", cents: 0, atMs: startMs, receivedMs: startMs };
	yield ["message", String(encode({ ...unnumbered, sentAtMs: null }))];
	for (let n = 0; n < 10_000; n++) {
		const purchase = purchases.at(n);
		if (purchases.partitionAt(n) === quietPartition) {
			const user = purchase.user === "user-0" ? 'Zoë/"\\ \u2028\t' : purchase.user;
			const sentAtMs = n % 2 === 0 ? null : n + 0.125;
			yield ["message", String(encode({ ...purchase, user, n, sentAtMs, phase: "steady" }))];
		} else {
			const { receivedMs } = purchase;
			const said = isNaive ? { atMs: receivedMs, receivedMs } : purchase;
			otherMs = afterEvent(otherMs, said, rules.delayMsMax);
		}
		if (purchases.isQuiet(n) && n % 150 === 149) yield ["is quiet", [otherMs, otherMs - 5_000]];
	}
}

/** What is given, each with the step that has brought it about; users whose windows end at once are in no order. */
interface Lived {
	given: string[];
	left: Left;
	/** What would be left of time had gone on for so long, and nothing been let go of. */
	stale: Left;
}
const stalledMs = 3_000_000;

function ofNode(steps: readonly Step[], { isNaive }: Life): Lived & { watermarkMs: number } {
	const job = new WindowJob({ ...rules, read: isNaive ? decodeNaively : decode });
	const live = new Map<string, string>();
	const given: string[] = [];
	for (const [n, [what, bearing]] of steps.entries()) {
		if (what === "message") job.process(Buffer.from(bearing as string));
		else job.waitWith(bearing as number[]);
		const { results, changes } = job.take();
		for (const { key, value } of results) given.push(JSON.stringify([n, key, value]));
		for (const { key, value } of changes)
			if (value === null) live.delete(key);
			else live.set(key, value);
	}
	const { watermarkMs } = job;
	const left = leftOf([live], rules.horizonMs);
	const progress = JSON.parse(live.get("progress")!);
	live.set("progress", JSON.stringify({ ...progress, watermarkMs: watermarkMs + stalledMs }));
	return { given: given.sort(), left, stale: leftOf([live], rules.horizonMs), watermarkMs };
}

function* linesOf(steps: readonly Step[], life: Life, watermarkMs: number): Generator<Line> {
	yield [noStep, "is born", { ...rules, isNaive: life.isNaive }];
	for (const [n, step] of steps.entries()) {
		yield [n, ...step];
		if (!life.isRestored || n % 400 !== 399) continue;
		yield [noStep, "begins a checkpoint"];
		for (const lost of steps.slice(n + 1, n + 61)) yield [noStep, ...lost];
		yield [noStep, "is restored"];
	}
	yield [noStep, "is asked"];
	yield [noStep, "keeps all until", watermarkMs + stalledMs];
	yield [noStep, "is asked"];
}

/** What Flink's gives, one life after the other: a JVM takes longer to start than all of them take. */
function ofFlink(t: Test, lives: readonly Iterable<Line>[]): Lived[] {
	const lines = lives.flatMap((life) => Array.from(life, (line) => JSON.stringify(line)));
	const said = replayed(t, replay, lines);
	return lives.map(() => {
		// Each is asked twice, at its end.
		const own = said.splice(0, said.findIndex((line) => line.startsWith("{")) + 2);
		const [left, stale] = own.splice(-2).map((line) => JSON.parse(line) as Left);
		return {
			given: own.filter((line) => !line.startsWith(`[${noStep},`)).sort(),
			left: left!,
			stale: stale!,
		};
	});
}

const known: [Life, who: string][] = [
	[{ seed: 1, isNaive: false, isRestored: false }, "as it comes"],
	[{ seed: 2, isNaive: false, isRestored: true }, "gone on with from checkpoints"],
	[{ seed: 3, isNaive: true, isRestored: true }, "the naive twin"],
];

t.setTimeout(120_000);
t.test("on Flink windows are byte for byte what they are in Node", { skip }, (t) => {
	const inNode = known.map(([life]) => {
		const steps = [...stepsOf(life)];
		const wanted = ofNode(steps, life);
		return { wanted, lines: linesOf(steps, life, wanted.watermarkMs) };
	});
	const inFlink = ofFlink(
		t,
		inNode.map(({ lines }) => lines),
	);
	for (const [at, [{ isNaive }, who]] of known.entries()) {
		const [{ wanted }, found] = [inNode[at]!, inFlink[at]!];
		t.ok(wanted.given.length > 1_000, `${who}: ${wanted.given.length} windows`);
		t.equal(found.given.length, wanted.given.length, who);
		const other = wanted.given.findIndex((line, n) => line !== found.given[n]);
		t.equal(found.given[other], wanted.given[other], `${who}: the first that is another`);
		t.same(found.left, wanted.left, who);
		t.equal(wanted.left.repeated > 0, !isNaive, "only the naive one knows no repeats");
		t.ok(wanted.stale.staleCount > 100);
		t.equal(found.stale.staleCount, wanted.stale.staleCount, "and what should be gone is told");
		t.match(found.stale.stale[0], /^(pane|ids)\/\d+\/(user-|Zoë)/);
	}
	t.end();
});
