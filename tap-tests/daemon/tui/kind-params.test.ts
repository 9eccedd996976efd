import t from "tap";
import { checkKindParams, kindNames, loadKind } from "../../../chaos/kinds.ts";
import { firstParams, stepped } from "../../../daemon/tui/kind-params.ts";
import type { KindParams } from "../../../daemon/tui/wire.ts";

t.test("what every kind must be given has a first value that it takes, or is a name", async (t) => {
	const named: Record<string, string[]> = {};
	for (const kind of kindNames()) {
		const fault = await loadKind(kind);
		const { values, lacking } = firstParams(fault.params as KindParams);
		if (lacking.length === 0) t.doesNotThrow(() => checkKindParams(kind, fault, values), kind);
		else named[kind] = lacking;
	}
	t.same(
		named,
		{
			"group-evicted": ["group"],
			"hold-at-step": ["step"],
			"leader-gone": ["topic"],
			"lock-storm": ["table", "sessions", "holdMs"],
			"long-lock": ["table"],
			"slot-dropped": ["slot"],
			"slow-work": ["part"],
			"tablespace-full": ["table"],
			"topic-recreated": ["topic"],
		},
		"only who made it knows its name",
	);
});

t.test("of several ways to say it the one with a first value is taken", (t) => {
	const properties = { limitBytes: {}, limitPct: { examples: [100] } };
	const oneOf = [{ required: ["limitBytes"] }, { required: ["limitPct"] }];
	t.same(firstParams({ properties, oneOf }), { values: { limitPct: 100 }, lacking: [] });
	t.same(firstParams({ properties: { limitBytes: {} }, oneOf }), {
		values: {},
		lacking: ["limitBytes"],
	});
	t.same(firstParams({}), { values: {}, lacking: [] });
	t.end();
});

t.test("an amount goes through 1, 2, 5, and stops at its bounds", (t) => {
	const bounds = { minimum: 30, maximum: 700 };
	const go = (value: number, to: "up" | "down", times: number): number[] => {
		const next = stepped(value, to, bounds);
		return times === 1 ? [next] : [next, ...go(next, to, times - 1)];
	};
	t.same(go(200, "up", 3), [500, 700, 700]);
	t.same(go(200, "down", 4), [100, 50, 30, 30]);
	t.equal(stepped(0, "up", { minimum: 1 }), 1, "from nothing too");
	t.end();
});
