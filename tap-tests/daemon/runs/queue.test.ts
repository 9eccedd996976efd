import t from "tap";
import { RunQueue } from "../../../daemon/runs/queue.ts";
import type { Run } from "../../../daemon/runs/run.ts";

/** Runs of this queue that end when they are told to, and what has happened so far. */
function rig(roomFor = 10) {
	const seen: string[] = [];
	const queue = new RunQueue(roomFor, ({ id }) => seen.push(`${id} over`));
	const run = (id: string) => {
		const end = Promise.withResolvers<void>();
		const perform = () => {
			seen.push(`${id} begins`);
			return end.promise;
		};
		return { run: { id, perform } as unknown as Run, end: end.resolve };
	};
	const turn = () => new Promise((resolve) => setImmediate(resolve));
	return { queue, seen, run, turn };
}

t.test(
	"runs go one at a time, in their order, and what is tried again before the others",
	async (t) => {
		const { queue, seen, run, turn } = rig();
		const [a, b, c] = [run("a"), run("b"), run("c")];
		t.ok(queue.isIdle);
		queue.append(a.run);
		t.notOk(queue.isIdle);
		queue.append(b.run);
		queue.putFirst(c.run);
		t.same(seen, ["a begins"]);
		t.equal(queue.active, a.run);
		for (const { end } of [a, c, b]) {
			end();
			await turn();
		}
		t.same(seen, ["a begins", "a over", "c begins", "c over", "b begins", "b over"]);
		t.ok(queue.isIdle);
		t.equal(queue.active, null);
	},
);

t.test("what is done between two runs holds up the next, and is idle for nobody", async (t) => {
	const { queue, seen, run, turn } = rig();
	const [a, b] = [run("a"), run("b")];
	queue.append(a.run);
	queue.append(b.run);
	const held = Promise.withResolvers<string>();
	const between = queue.between(() => {
		seen.push("between");
		return held.promise;
	});
	a.end();
	await turn();
	t.same(seen, ["a begins", "a over", "between"]);
	held.resolve("made");
	t.equal(await between, "made");
	await turn();
	t.equal(queue.active, b.run);
	b.end();
	await turn();
	const last = queue.between(async () => t.notOk(queue.isIdle));
	await last;
	await t.rejects(
		queue.between(() => Promise.reject(new Error("no"))),
		/no/,
	);
	await turn();
	t.ok(queue.isIdle, "what has failed is over as well");
});

t.test("there is room for so many that wait; one can be taken out, and all", async (t) => {
	const { queue, run } = rig(2);
	const [a, b, c] = [run("a"), run("b"), run("c")];
	for (const one of [a, b, c]) {
		queue.mustHaveRoom();
		queue.append(one.run);
	}
	t.throws(() => queue.mustHaveRoom(), {
		code: "FLT_BUSY",
		message: "2 runs wait already, the most that may",
	});
	t.ok(queue.takeOut(b.run));
	t.notOk(queue.takeOut(a.run), "it does not wait");
	queue.mustHaveRoom();
	t.same(queue.empty(), [c.run, a.run], "what waited, and the one under way");
	t.same(queue.empty(), [a.run]);
});
