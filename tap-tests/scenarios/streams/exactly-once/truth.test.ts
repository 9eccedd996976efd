import fc from "fast-check";
import t from "tap";
import { truthOf } from "../../../../scenarios/streams/exactly-once/oracle/truth.ts";
import { paymentOf } from "../../../../scenarios/streams/exactly-once/payments.ts";
import {
	type Balance,
	post,
	type Taken,
} from "../../../../scenarios/streams/exactly-once/posting.ts";

const logs = fc
	.array(
		fc.record({ account: fc.constantFrom("a", "b", "c"), cents: fc.integer({ min: 1, max: 99 }) }),
	)
	.map((payments) =>
		payments.map((payment, offset): Taken => ({ ...payment, partition: 0, offset })),
	);

t.test("the truth is what anybody would find who adds up for each payment all before it", (t) => {
	fc.assert(
		fc.property(logs, (log) => {
			const truth = truthOf(log.toReversed());
			for (const payment of log) {
				const upTo = log.filter(
					({ account, offset }) => account === payment.account && offset <= payment.offset,
				);
				const balanceCents = upTo.reduce((sum, { cents }) => sum + cents, 0);
				t.same(truth.get(`0/${payment.offset}`), { seq: upTo.length, balanceCents });
			}
		}),
	);
	t.end();
});

t.test(
	"the processors' work comes to the same, however the payments are cut into transactions",
	(t) => {
		fc.assert(
			fc.property(
				logs,
				fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
				(log, sizes) => {
					const truth = truthOf(log);
					const kept = new Map<string, Balance>();
					for (let from = 0, n = 0; from < log.length; n++) {
						const some = log.slice(from, from + sizes[n % sizes.length]!);
						from += some.length;
						const { postings, balances } = post(some, (account) => kept.get(account));
						for (const [account, balance] of balances) kept.set(account, balance);
						for (const { offset, seq, balanceCents } of postings)
							t.same(truth.get(`0/${offset}`), { seq, balanceCents });
					}
				},
			),
		);
		t.end();
	},
);

t.test("the work of a transaction that is not kept changes nothing", (t) => {
	const payment: Taken = { partition: 0, offset: 0, account: "a", cents: 5 };
	const kept = new Map<string, Balance>([["a", { seq: 1, balanceCents: 7 }]]);
	const first = post([payment], (account) => kept.get(account));
	t.same(first.balances.get("a"), { seq: 2, balanceCents: 12 });
	t.same(
		post([payment], (account) => kept.get(account)),
		first,
		"done again, it is the same",
	);
	t.same(kept.get("a"), { seq: 1, balanceCents: 7 });
	t.end();
});

t.test("the same seed makes the same payments, and accounts come evenly", (t) => {
	t.same(paymentOf(7, 3, 50), paymentOf(7, 3, 50));
	t.notSame(paymentOf(7, 3, 50), paymentOf(8, 3, 50));
	const all = Array.from({ length: 5_000 }, (_, n) => paymentOf(1, n, 50));
	const byAccount = Map.groupBy(all, ({ account }) => account);
	t.equal(byAccount.size, 50);
	for (const [account, { length }] of byAccount)
		t.ok(length > 60 && length < 150, `${account} has ${length} of 5000`);
	t.ok(all.every(({ cents }) => cents >= 1 && cents <= 10_000));
	t.end();
});
