import t from "tap";
import { type Settle, settle, settledText } from "../../../scenarios/contract/settle.ts";

/** Time passes only where it is waited. */
function clock() {
	let atMs = 0;
	return {
		nowMs: () => atMs,
		pause: async (ms: number) => {
			atMs += ms;
		},
	};
}

/** Looks that are answered one after another, the last of them for ever. */
function looks(answers: Awaited<ReturnType<Settle<null>["look"]>>[]): Settle<null>["look"] {
	let at = 0;
	return async () => answers[Math.min(at++, answers.length - 1)]!;
}

t.test("it waits until what is to be 0 is 0, and counts have stayed as they are", async (t) => {
	const lag = looks([{ zero: { lag: 7 } }, { zero: { lag: 3 } }, { zero: { lag: 0 } }]);
	t.same(await settle({ limitMs: 1_000, look: lag }, null, clock()), {
		inTime: true,
		tookMs: 40,
		values: { lag: 0 },
	});
	const rows = looks([{ still: { rows: 1 } }, { still: { rows: 2 } }, { still: { rows: 2 } }]);
	const still = await settle({ limitMs: 1_000, stillMs: 100, look: rows }, null, clock());
	t.same(still, { inTime: true, tookMs: 120, values: { rows: 2 } }, "100 ms after the last change");
	const both = looks([
		{ zero: { lag: 1 }, still: { rows: 2 } },
		{ zero: { lag: 0 }, still: { rows: 2 } },
	]);
	t.match(await settle({ limitMs: 1_000, stillMs: 0, look: both }, null, clock()), { tookMs: 20 });
});

t.test("what nothing moves any more is not waited for, and what moves is", async (t) => {
	const dead = {
		limitMs: 10_000,
		stuckMs: 100,
		look: looks([{ zero: { lag: 7 } }, { zero: { lag: 5 } }]),
	};
	t.match(await settle(dead, null, clock()), { inTime: false, tookMs: 120, values: { lag: 5 } });
	const asked = {
		limitMs: 10_000,
		stuckMs: (ctx: { patienceMs: number }) => ctx.patienceMs,
		look: async () => ({ zero: { lag: 7 } }),
	};
	t.match(await settle(asked, { patienceMs: 200 }, clock()), { inTime: false, tookMs: 200 });
	let position = 0;
	const look = async () => ({
		zero: { lag: position < 20 ? 1 : 0 },
		moves: { position: position++ },
	});
	const slow = await settle({ limitMs: 10_000, stuckMs: 100, look }, null, clock());
	t.match(slow, { inTime: true, tookMs: 400, values: { lag: 0 } });
	t.notOk("position" in slow.values);
});

t.test("past its limit it is looked at as it is, and that is said", async (t) => {
	const never = await settle({ limitMs: 50, look: looks([{ zero: { lag: 5 } }]) }, null, clock());
	t.match(never, { inTime: false, values: { lag: 5 } });
	t.match(settledText(never), /^not at rest 60 ms after the load, .*: lag 5$/);
	t.match(
		settledText({ inTime: true, tookMs: 12.4, values: {} }),
		/^at rest 12 ms after the load$/,
	);
	let count = 0;
	const moving = { limitMs: 300, look: async () => ({ still: { rows: count++ } }) };
	t.match(await settle(moving, null, clock()), { inTime: false });
});
