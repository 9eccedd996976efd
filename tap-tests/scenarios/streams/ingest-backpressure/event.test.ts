import t from "tap";
import { eventOf, textOf } from "../../../../scenarios/streams/ingest-backpressure/event.ts";

const many = (seed: number, count = 4_000) =>
	Array.from({ length: count }, (_, n) => eventOf(n, { seed, clients: 20 }));
const share = (events: ReturnType<typeof many>, is: (event: (typeof events)[number]) => boolean) =>
	events.filter(is).length / events.length;

t.test("the same seed has the same events, another has others, and no two are one", (t) => {
	t.same(many(1, 50), many(1, 50));
	t.notSame(many(1, 50), many(2, 50));
	t.equal(new Set(many(1).map(textOf)).size, 4_000);
	t.equal(new Set(many(1).map(({ eventId }) => eventId)).size, 4_000);
	t.end();
});

t.test(
	"a fifth comes from one client, and little of all is critical, for each of ten seeds",
	(t) => {
		for (let seed = 1; seed <= 10; seed++) {
			const events = many(seed);
			const near = (value: number, wanted: number) => Math.abs(value - wanted) < 0.03;
			t.ok(
				near(
					share(events, ({ client }) => client === 0),
					0.2,
				),
			);
			t.ok(
				near(
					share(events, ({ priority }) => priority === 0),
					0.05,
				),
			);
			t.ok(
				near(
					share(events, ({ priority }) => priority === 2),
					0.5,
				),
			);
			t.ok(events.every(({ client }) => client >= 0 && client < 20));
		}
		t.end();
	},
);
