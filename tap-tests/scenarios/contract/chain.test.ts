import t from "tap";
import type { HookContext } from "../../../scenarios/contract/context.ts";
import type { Facts } from "../../../scenarios/contract/facts.ts";
import type { RunParams } from "../../../scenarios/contract/run-params.ts";
import {
	acceptedOnce,
	count,
	type ExactlyOnce,
	fault,
	type Grammar,
	load,
	lostAndDoubled,
	oneOf,
	scenario,
	text,
	tool,
	withKafka,
	withPostgres,
} from "../../../scenarios/index.ts";

const orders = () =>
	load({
		arrival: { kind: "constant", ratePerSec: 10 },
		clients: { api: { driver: "http", at: "orders", connections: 1 } },
		inFlightMax: 1,
		work: async () => "done",
	});

const begun = scenario({
	title: "Orders",
	question: "Are they there?",
	params: { rows: count(3, 1, 9, "rows") },
	needs: ["postgres"],
	twin: { fails: ["there-once"] },
	plan: (p) => ({
		phases: { steadyMs: p.rows * 100 },
		paths: { db: "postgres", orders: { subject: "service" } },
		subjects: { service: { file: "./service.ts", env: { ROWS: p.rows } } },
		loads: { orders: orders() },
		faults: [fault("timeout", "db", {}, { fromMs: 0, toMs: 1 })],
		steady: [{ load: "orders", signal: "error_pct", is: "below", value: 1 }],
	}),
});

const exactly: ExactlyOnce = {
	acceptedCount: 2,
	foundCount: 1,
	lostCount: 1,
	doubledCount: 0,
	phantomCount: 0,
	unknownCount: 0,
	unknownFoundCount: 0,
	lost: ["a"],
	doubled: [],
	phantom: [],
	times: {},
};

t.test("a chain says one thing more at each call, and nothing of it twice", async (t) => {
	const whole = begun
		.arrange(async ({ params }) => ({ made: params.rows }))
		.gauges({ made: async ({ state }) => state.made })
		.observe(
			async ({ state }) => ({ made: state.made, exactly }),
			async () => ({ wanted: 3 }),
		)
		.judge(
			acceptedOnce("there-once", "orders", ({ observed }) => observed.exactly),
			lostAndDoubled(({ observed }) => observed.exactly),
			{
				metrics: {
					missing_count: {
						unit: "count",
						direction: "lower",
						portability: "exact",
						measure: ({ observed, expected }) => expected.wanted - observed.made,
					},
				},
			},
		);
	const { arrange, gauges, observe, truth } = whole.hooks;
	const ctx = { params: { rows: 2 } } as unknown as HookContext<RunParams>;
	const state = await arrange?.(ctx);
	t.same(state, { made: 2 });
	t.equal(await gauges.made?.({ ...ctx, state }), 2);
	const facts = {
		observed: await observe?.({ ...ctx, state }),
		expected: await truth?.(ctx),
	} as Facts;
	t.match(whole.judgement.checks?.["there-once"]?.judge(facts), { ok: false, over: 2 });
	const measured = Object.entries(whole.judgement.metrics ?? {}).map(([name, { measure }]) => [
		name,
		measure(facts),
	]);
	t.same(Object.fromEntries(measured), {
		rows_lost_count: 1,
		rows_duplicated_count: 0,
		missing_count: 1,
	});
	t.same(begun.judgement, {}, "the one that it was made of is as it was");
	t.equal(begun.hooks.arrange, null);
});

t.test("what is left out has its usual value", (t) => {
	t.match(begun, {
		tolerates: [],
		needsFor: {},
		explore: null,
		atScale: null,
		limits: { hookMs: 30_000 },
		judgementOfAll: {},
	});
	t.same(begun.cases({} as RunParams), {});
	t.end();
});

t.test("what explore may break is the same for all runs, or hangs on the parameters", (t) => {
	const grammar: Grammar = { kinds: { timeout: { on: ["db"] } }, faultsMax: 1, horizonMs: 1_000 };
	const explored = (explore: Grammar | ((p: { rows: number }) => Grammar)) => {
		const made = scenario({
			title: "Orders",
			question: "Are they there?",
			params: { rows: count(3, 1, 9, "rows") },
			needs: ["postgres"],
			plan: () => ({ phases: {}, paths: { db: "postgres" }, loads: {} }),
			explore,
		});
		return made.explore!({ rows: 2 } as unknown as RunParams);
	};
	t.same(explored(grammar), grammar);
	t.match(
		explored(({ rows }) => ({ ...grammar, faultsMax: rows })),
		{ faultsMax: 2 },
	);
	t.end();
});

t.test("two checks of one name are refused where they meet", (t) => {
	const piece = acceptedOnce<Pick<Facts, "faults">>("there-once", "orders", () => exactly);
	t.throws(() => begun.judge(piece, piece), /two checks are called "there-once"/);
	t.throws(() => begun.judge(piece).judge(piece), /two checks are called "there-once"/);
	t.end();
});

// Compiled and never run: what the compiler refuses. A line that it would take is an error by itself.
export function refused() {
	begun.arrange(
		// @ts-expect-error Kafka is not in needs
		({ direct }) => withKafka(direct, async () => {}),
	);
	begun.arrange(({ direct }) => withPostgres(direct, async () => {}));
	// @ts-expect-error no subject "servise"
	begun.arrange(async ({ subject }) => subject("servise"));
	// @ts-expect-error no load "order"
	begun.observe(async ({ counts }) => counts("order").ok);
	begun
		.observe(async () => ({ rows: 1 }))
		.judge(
			// @ts-expect-error observe gives no `exactly`
			acceptedOnce("there-once", "orders", ({ observed }) => observed.exactly),
		);
	const said = { title: "", question: "", params: {}, needs: ["postgres"] } as const;
	scenario({
		...said,
		plan: () => ({
			phases: { steadyMs: 1 },
			// @ts-expect-error a client connects through "orders", which is no path
			paths: { db: "postgres" },
			loads: { orders: orders() },
		}),
	});
	scenario({
		...said,
		plan: () => ({
			phases: { steadyMs: 1 },
			// @ts-expect-error Redis is not in needs
			paths: { orders: "redis" },
			loads: { orders: orders() },
		}),
	});
	scenario({
		...said,
		plan: () => ({
			phases: { steadyMs: 1 },
			paths: { orders: "postgres" },
			loads: { orders: orders() },
			// @ts-expect-error no load "order"
			steady: [{ load: "order", signal: "error_pct", is: "below", value: 1 }],
		}),
	});
	scenario({
		...said,
		plan: () => ({
			phases: { steadyMs: 1 },
			paths: { orders: "postgres" },
			loads: { orders: orders() },
			// @ts-expect-error nothing is called "db"
			faults: [{ kind: "timeout", on: "db", params: {}, fromMs: 0, toMs: 1 }],
		}),
	});
	const params = { engine: oneOf(["node", "flink"], "node", "what does the work") };
	const plan = () => ({ phases: { steadyMs: 1 }, paths: {}, loads: {} });
	scenario({ ...said, params, needsFor: { engine: { flink: [tool("flink")] } }, plan });
	const debezium = { engine: { flink: ["kafka", "connect"] } } as const;
	scenario({
		...said,
		params,
		needsFor: debezium,
		plan: () => ({ ...plan(), paths: { log: "kafka" } }),
	}).arrange(async ({ direct }) => {
		direct.kafka?.brokers;
		// @ts-expect-error it is there with one value alone
		direct.kafka.brokers;
	});
	// @ts-expect-error the parameter is called "engine"
	scenario({ ...said, params, needsFor: { engin: { flink: [tool("flink")] } }, plan });
	// @ts-expect-error engine can't be "flick"
	scenario({ ...said, params, needsFor: { engine: { flick: [tool("flink")] } }, plan });
	const named = { title: "", question: "", needs: [], params: { url: text("", "where") } } as const;
	scenario({
		...named,
		plan: ({ url }) => ({
			phases: { steadyMs: 1 },
			paths: { orders: { url, port: 9_000, pid: 4_711 } },
			loads: { orders: orders() },
			faults: [fault("freeze", "orders", {}, { fromMs: 0, toMs: 1 })],
		}),
	});
	scenario({
		...named,
		plan: ({ url }) => ({
			phases: { steadyMs: 1 },
			// @ts-expect-error what runs anyhow is named by its url
			paths: { orders: { uri: url } },
			loads: { orders: orders() },
		}),
	});
	scenario({
		...named,
		plan: ({ url }) => ({
			phases: { steadyMs: 1 },
			// @ts-expect-error a client connects through "orders", which is no path
			paths: { order: { url } },
			loads: { orders: orders() },
		}),
	});
	scenario({
		...named,
		plan: ({ url }) => ({
			phases: { steadyMs: 1 },
			paths: { orders: { url } },
			loads: { orders: orders() },
			// @ts-expect-error nothing is called "order"
			faults: [{ kind: "freeze", on: "order", params: {}, fromMs: 0, toMs: 1 }],
		}),
	});
}
