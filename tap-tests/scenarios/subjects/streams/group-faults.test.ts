import t from "tap";
import {
	faultsOfGroup,
	faultsOfProcess,
	groupFaults,
} from "../../../../scenarios/subjects/streams/group-faults.ts";

const long = { sessionTimeoutMs: 1_000, faultMs: 500, linkMs: 20 };
const group = { group: "g", members: ["one", "two"] };

t.test(
	"a group and a process suffer all that they can one after another, never two at once",
	(t) => {
		for (const [faults, on] of [
			[
				faultsOfGroup({ ...long, ...group, fault: "all" }),
				["kill one", "freeze two", "group-evicted log", "latency log", "kill kafka"],
			],
			[
				faultsOfProcess({ ...long, fault: "all" }, "job"),
				["kill job", "freeze job", "latency log", "kill kafka"],
			],
		] as const) {
			t.same(
				faults.map(({ kind, on }) => `${kind} ${on}`),
				on,
			);
			for (const [place, { fromMs }] of faults.slice(1).entries())
				t.ok(fromMs >= faults[place]!.toMs + 2_000, "the one before is seen by itself");
		}
		t.end();
	},
);

t.test(
	"one that is asked for comes alone and at once; a member is struck in its transaction",
	(t) => {
		t.same(faultsOfGroup({ ...long, ...group, fault: "none" }), []);
		t.match(faultsOfGroup({ ...long, ...group, fault: "kill" }), [
			{ kind: "kill", on: "one", fromMs: 0, toMs: 500, at: { step: "before-commit" } },
		]);
		t.match(faultsOfProcess({ ...long, fault: "kill" }, "job"), [
			{ kind: "kill", on: "job", fromMs: 0, toMs: 2_000 },
		]);
		t.match(faultsOfProcess({ ...long, fault: "freeze" }, "job"), [
			{ kind: "freeze", on: "job", fromMs: 0, toMs: 2_500 },
		]);
		const [kill] = faultsOfProcess({ ...long, fault: "kill" }, "job");
		t.notOk("at" in kill!, "a process without steps is killed by the clock");
		t.end();
	},
);

t.test(
	"a process that has steps is killed at one, and is given the time that it takes to end its work and to be back",
	(t) => {
		const faults = faultsOfProcess({ ...long, fault: "all" }, "job", {
			killStep: { step: "after-commit", withinMs: 60_000 },
			backMs: 20_000,
			aloneMs: 3_000,
		});
		t.match(faults, [
			{
				kind: "kill",
				at: { subject: "job", step: "after-commit", withinMs: 60_000 },
				fromMs: 3_000,
				toMs: 5_000,
			},
			{ kind: "freeze", fromMs: 25_000 },
			{ kind: "latency" },
			{ kind: "kill", on: "kafka" },
		]);
		t.notOk("at" in faults[1]!);
		t.end();
	},
);

t.test("what an engine can't suffer is refused with what it can", (t) => {
	t.ok(groupFaults.includes("evict"));
	t.throws(() => faultsOfProcess({ ...long, fault: "evict" }, "job"), {
		message: /^fault=evict is nothing .*; there are kill, freeze, slow-link, broker-restart$/,
	});
	t.end();
});
