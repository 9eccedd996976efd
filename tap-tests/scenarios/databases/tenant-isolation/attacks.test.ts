import t from "tap";
import { type Ask, make } from "../../../../scenarios/databases/tenant-isolation/attacks/answer.ts";
import { attackOf } from "../../../../scenarios/databases/tenant-isolation/attacks/attacks.ts";
import { queryForms } from "../../../../scenarios/databases/tenant-isolation/attacks/queries.ts";
import { markOf, tenantsIn } from "../../../../scenarios/databases/tenant-isolation/data.ts";
import { attacksIn, statementsOf } from "../../../../scenarios/databases/tenant-isolation/hooks.ts";
import { rolesOf } from "../../../../scenarios/databases/tenant-isolation/roles.ts";

const arena = { seed: 1, tenants: 6, customers: 8, roles: rolesOf("r_") };
const attack = (n: number) => attackOf(arena, n, () => "own.token");

t.test(
	"attacks are drawn from a grammar, the same for the same seed, and none is made by a victim",
	(t) => {
		t.ok(queryForms > 20_000, `${queryForms} forms`);
		const all = Array.from({ length: 500 }, (_, n) => attack(n));
		t.ok(new Set(all.map(({ attack }) => attack.title)).size > 300);
		t.same(all[17], attack(17));
		t.ok(all.every(({ me }) => me <= 2));
		for (const kind of ["query", "probe", "door"])
			t.ok(all.filter(({ attack }) => attack.kind === kind).length > 25, kind);
		t.end();
	},
);

const answering =
	(text: string, status = 200): Ask =>
	async () => ({ status, text });

t.test(
	"an answer with another's mark is a leak, and one with the attacker's own is none",
	async (t) => {
		const query = { kind: "query", title: "select", statements: ["select 1"] } as const;
		const [own, other] = [markOf(1, 1), markOf(1, 4)];
		t.same(tenantsIn(`${own} ${other} ${other}`), new Set([1, 4]));
		const ask = (text: string) =>
			make(0, 1, { ...query, statements: ["select 1"] }, "token", answering(text));
		t.match(await ask(`rows: ${own}`), { leaked: [], sample: null });
		t.match(await ask(`rows: ${own}, ${other}`), { leaked: [4], sample: new RegExp(other) });
		t.match(attacksIn([await ask(other)]), { leaks: { count: 1, first: [{ leaked: [4] }] } });
	},
);

t.test(
	"answers to a probe that differ by more than what it asked about tell something",
	async (t) => {
		const probe = {
			kind: "probe",
			title: "counted",
			present: "about 3",
			absent: "about 900",
		} as const;
		const ask = (present: string, absent: string) =>
			make(0, 1, { ...probe, words: ["3", "900"] }, "token", async (request) => ({
				status: 200,
				text: request.endsWith("p") ? present : absent,
			}));
		t.equal((await ask("customer 3 refused", "customer 900 refused")).told, null);
		t.match((await ask('[["1"]]', '[["0"]]')).told, { present: '[["1"]]', absent: '[["0"]]' });
		t.match((await ask("customer 3 is taken", "customer 900 is not there")).told, {});
	},
);

t.test(
	"whoever comes in without a token of his own is named, and others may come in as who they are",
	async (t) => {
		const door = {
			kind: "door",
			title: "no token",
			isStranger: true,
			path: "/query",
			headers: {},
			body: null,
		} as const;
		const inside = await make(0, 1, door, "token", answering("{}"));
		const outside = await make(1, 1, door, "token", answering("{}", 401));
		const asHimself = await make(
			2,
			1,
			{ ...door, title: "a wildcard", isStranger: false },
			"token",
			answering("{}"),
		);
		t.same(attacksIn([outside, asHimself]).admitted, []);
		t.same(attacksIn([outside, inside]).admitted, ["no token"]);
	},
);

t.test("the audit has to hold what was answered, and nothing else is asked of it", (t) => {
	const query = { kind: "query", title: "select", statements: ["a", "b"] } as const;
	t.same(statementsOf({ ...query, statements: ["a", "b"] }, 5, 2, ["a5"]), [
		{ request: "a5", tenant: 2, statement: "a" },
		{ request: "a5", tenant: 2, statement: "b" },
	]);
	t.same(statementsOf({ ...query, statements: ["a"] }, 5, 2, []), []);
	t.end();
});
