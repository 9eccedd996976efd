import t from "tap";
import { about } from "../../../scenarios/kit/about.ts";
import { type Digest, digest, digestsAgree } from "../../../scenarios/kit/digest.ts";
import { acceptedOnce, exactlyOnce, lostAndDoubled } from "../../../scenarios/kit/exactly-once.ts";
import { attemptsAgree, retryAmplification } from "../../../scenarios/kit/retries.ts";

// Pieces that experiments are judged by: each holds on a good history, and on a bad one it says what is wrong.

const told = [
	["a", "ok"],
	["b", "ok"],
	["c", "fail"],
] as const;

t.test("what was accepted is there once: lost, doubled and refused ones are told apart", (t) => {
	const found = (rows: [string, number][]) => exactlyOnce(told, new Map(rows));
	const piece = acceptedOnce<ReturnType<typeof found>>("once", "orders", (facts) => facts);
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
	const metrics = lostAndDoubled<ReturnType<typeof found>>((facts) => facts).metrics ?? {};
	const facts = found([["b", 3]]);
	t.equal(metrics.rows_lost_count?.measure(facts), 1);
	t.equal(metrics.rows_duplicated_count?.measure(facts), 2);
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
		type Case = ReturnType<typeof exactlyOnce> & { swept: boolean };
		const of = (swept: boolean): Case => ({ ...exactlyOnce(told, new Map()), swept });
		const all = acceptedOnce<Case>("once", "orders", (facts) => facts);
		const some = about(({ swept }: Case) => swept, all);
		t.equal(some.checks?.once?.about?.(of(true)), true);
		t.equal(some.checks?.once?.about?.(of(false)), false);
		t.match(some.checks?.once?.judge(of(true)), { ok: false });
		t.equal(all.checks?.once?.about, undefined, "the piece itself stays as it is");
		t.end();
	},
);
