import t, { type Test } from "tap";
import { endOnSignals } from "../../../daemon/cli/signals.ts";

/** The handler without real signals, by a clock that stands until it is moved. */
function listening(t: Test) {
	let nowMs = 1_000;
	const { now } = performance;
	performance.now = () => nowMs;
	t.teardown(() => {
		performance.now = now;
	});
	const told: string[] = [];
	const ending = endOnSignals(
		(name) => told.push(`end ${name}`),
		() => told.push("hurry"),
	);
	t.teardown(ending.release);
	const send = (name: NodeJS.Signals) => process.emit(name, name);
	return {
		ending,
		told,
		send,
		later: (ms: number) => {
			nowMs += ms;
		},
	};
}

t.test("the first signal ends in order, whichever it is, with its own exit code", async (t) => {
	const rows: [name: NodeJS.Signals, exitCode: number][] = [
		["SIGINT", 130],
		["SIGTERM", 143],
		["SIGHUP", 129],
	];
	for (const [name, exitCode] of rows) {
		await t.test(name, async (t) => {
			const { ending, told, send } = listening(t);
			t.equal(ending.exitCode, null);
			t.notOk(ending.signal.aborted);
			send(name);
			t.same(told, [`end ${name}`]);
			t.equal(ending.exitCode, exitCode);
			t.ok(ending.signal.aborted);
			t.match(ending.signal.reason, { message: `ended by ${name}` });
		});
	}
});

t.test(
	"what comes within half a second is one signal; a later one hurries, and ends no second time",
	async (t) => {
		const { ending, told, send, later } = listening(t);
		send("SIGINT");
		send("SIGINT");
		later(500);
		send("SIGTERM");
		t.same(told, ["end SIGINT"], "a terminal and npm deliver it twice");
		later(1);
		send("SIGTERM");
		send("SIGINT");
		t.same(told, ["end SIGINT", "hurry", "hurry"]);
		t.equal(ending.exitCode, 130, "of the one that came first");
	},
);

t.test("released, nothing is listened to any more", async (t) => {
	const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
	const counts = () => names.map((name) => process.listenerCount(name));
	const before = counts();
	const { ending } = listening(t);
	t.same(
		counts(),
		before.map((count) => count + 1),
	);
	ending.release();
	t.same(counts(), before);
});
