import t from "tap";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { about } from "../../../scenarios/kit/about.ts";
import { type Digest, digest, digestsAgree } from "../../../scenarios/kit/digest.ts";
import {
	acceptedOnce,
	type ExactlyOnce,
	exactlyOnce,
	lostAndDoubled,
} from "../../../scenarios/kit/exactly-once.ts";
import { attemptsAgree, retryAmplification } from "../../../scenarios/kit/retries.ts";

// Pieces that experiments are judged by: each holds on a good history, and on a bad one it says what is wrong.

const told = [
	["a", "ok"],
	["b", "ok"],
	["c", "fail"],
] as const;

t.test("what was accepted is there once: lost, doubled and refused ones are told apart", (t) => {
	const found = (rows: [string, number][]) => ({
		rows: exactlyOnce(told, new Map(rows)),
		faults: [],
	});
	const piece = acceptedOnce<ReturnType<typeof found>>("once", "orders", ({ rows }) => rows);
	const judged = (rows: [string, number][]) => piece.checks?.once?.judge(found(rows));
	t.match(
		judged([
			["a", 1],
			["b", 1],
		]),
		{ ok: true, over: 2 },
	);
	t.match(judged([["a", 1]]), { ok: false, message: /1 are lost; 0 are doubled, 0 should not/ });
	t.match(
		judged([
			["a", 1],
			["b", 3],
		]),
		{ ok: false, message: /0 are lost; 2 are doubled/ },
	);
	t.match(
		judged([
			["a", 1],
			["b", 1],
			["c", 1],
		]),
		{ ok: false, message: /1 should not be there/ },
	);
	const metrics = lostAndDoubled<ReturnType<typeof found>>(({ rows }) => rows).metrics ?? {};
	const facts = found([["b", 3]]);
	t.equal(metrics.rows_lost_count?.measure(facts), 1);
	t.equal(metrics.rows_duplicated_count?.measure(facts), 2);
	t.end();
});

t.test(
	"of what is wrong the first of each kind is tied to the fault that was in force then",
	(t) => {
		const at = (startedMs: number) => ({
			intendedMs: startedMs,
			startedMs,
			endedMs: startedMs + 5,
		});
		const kill = {
			id: "kill-1",
			kind: "kill",
			on: "worker",
			injectedMs: 1_000,
			healedMs: 2_000,
		} as FaultRecord;
		const history = [
			["a", "ok", at(1_500)],
			["b", "ok", at(1_600)],
			["c", "ok", at(2_500)],
			["d", "ok", at(100)],
			["e", "fail", null],
		] as const;
		const judged = (copies: [string, number][]) => {
			const rows = exactlyOnce(history, new Map(copies));
			const piece = acceptedOnce<{ faults: FaultRecord[] }>("once", "orders", () => rows);
			return piece.checks?.once?.judge({ faults: [kill] });
		};
		const bad = judged([
			["c", 3],
			["d", 1],
			["e", 1],
		]);
		t.match(bad, {
			ok: false,
			actual: {
				lost: ["a", "b"],
				when: {
					lost: [
						{ key: "a", ...at(1_500), faults: [{ id: "kill-1", fromMs: 1_000, toMs: 2_000 }] },
						{ key: "b", ...at(1_600) },
					],
					doubled: [{ key: "c", ...at(2_500), faults: [] }],
				},
			},
		});
		t.match(
			bad?.message,
			/^of 4 accepted orders 2 are lost; 2 are doubled, 1 should not be there; the first lost: a was due at 1500 ms, .* while kill on worker \(kill-1, from 1000 ms to 2000 ms\) was in force; the first doubled: c was due at 2500 ms, .* when no fault was in force; the nearest was kill on worker \(kill-1/,
		);
		const good = judged([..."abcd"].map((key) => [key, 1]));
		t.match(good, { ok: true, message: /^of 4 accepted orders 0 are lost; [^;]*$/ });
		t.notMatch(JSON.stringify(good), "when", "and where nothing is, nothing is said of it");
		t.end();
	},
);

t.test("of a record that says no times nothing more is said", (t) => {
	const { times: _, ...older } = exactlyOnce(told, new Map());
	const piece = acceptedOnce<{ faults: [] }>("once", "orders", () => older as ExactlyOnce);
	t.match(piece.checks?.once?.judge({ faults: [] }), {
		ok: false,
		actual: { lost: ["a", "b"] },
		message: /^of 2 accepted orders 2 are lost; [^;]*$/,
	});
	t.end();
});

t.test(
	"two sets of rows agree by number and content, of every part that is compared",
	async (t) => {
		const of = (...rows: string[]) =>
			digest(
				rows,
				(row) => row.slice(0, 1),
				(row) => row,
			);
		type Sides = { found: Digest[]; expected: Digest[] };
		const piece = digestsAgree<Sides>("same", "rows", (sides) => sides);
		const judged = (sides: Sides) => piece.checks?.same?.judge(sides);
		const [rows, altered, fewer] = await Promise.all([of("a1", "b2"), of("a1", "b3"), of("a1")]);
		t.match(judged({ found: [rows], expected: [await of("b2", "a1")] }), { ok: true, over: 2 });
		t.match(judged({ found: [altered], expected: [rows] }), {
			ok: false,
			message: "2 rows are there, 2 should be; the checksums differ",
		});
		t.match(judged({ found: [fewer], expected: [rows] }), {
			ok: false,
			message: /^1 rows are there, 2/,
		});
		t.match(
			judged({ found: [rows, rows], expected: [rows, altered] }),
			{ ok: false },
			"the second",
		);
	},
);

t.test(
	"tries per needed one have a limit, with those at a fault's edge counted at their worst",
	(t) => {
		type Facts = { made: number; needed: number; straddlingCount: number };
		const piece = retryAmplification<Facts>(
			{ per: "order", most: 1.5, ofStraddling: 4 },
			(facts) => facts,
		);
		const judged = (made: number, straddlingCount = 0) =>
			piece.checks?.["retry-amplification"]?.judge({ made, needed: 100, straddlingCount });
		t.match(judged(150), { ok: true, over: 100, actual: 1.5 });
		t.match(judged(151), { ok: false, message: "1.51 tries per order, at most 1.5 wanted" });
		t.match(judged(140, 3), { ok: false, actual: 1.52 });
		t.match(judged(155, -3), { ok: true }, "a generator in time would have spared these");
		const ratio = piece.metrics?.retry_amplification?.measure;
		t.equal(ratio?.({ made: 130, needed: 100, straddlingCount: 3 }), 1.3);
		t.end();
	},
);

t.test("both ends have to have counted the same tries, but for what may never have left", (t) => {
	const piece = attemptsAgree<number>((received) => ({
		sent: { atLeast: 8, atMost: 10 },
		received,
		senderSaid: "10 were noted",
		receiverSaid: `${received} came`,
	}));
	const judged = (received: number) => piece.checks?.["attempts-agree"]?.judge(received);
	for (const received of [8, 10]) t.match(judged(received), { ok: true, over: 10 });
	for (const received of [7, 11])
		t.match(judged(received), { ok: false, message: `10 were noted; ${received} came` });
	t.end();
});

t.test(
	"a piece that is about some cases keeps its checks to them, and its metrics to none",
	(t) => {
		type Case = { faults: []; swept: boolean };
		const of = (swept: boolean): Case => ({ faults: [], swept });
		const all = acceptedOnce<Case>("once", "orders", () => exactlyOnce(told, new Map()));
		const some = about(({ swept }: Case) => swept, all);
		t.equal(some.checks?.once?.about?.(of(true)), true);
		t.equal(some.checks?.once?.about?.(of(false)), false);
		t.match(some.checks?.once?.judge(of(true)), { ok: false });
		t.equal(all.checks?.once?.about, undefined, "the piece itself stays as it is");
		t.end();
	},
);
