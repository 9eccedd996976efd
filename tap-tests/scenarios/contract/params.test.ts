import fc from "fast-check";
import t from "tap";
import { Type } from "typebox";
import { FaultlineError } from "../../../base/errors.ts";
import type { JsonObject } from "../../../base/json.ts";
import {
	type ParamRules,
	resolveParams,
	schemaProblems,
} from "../../../scenarios/contract/params.ts";

/** A schema as it arrives from the describe host: plain JSON. */
const plain = (schema: unknown) => JSON.parse(JSON.stringify(schema)) as JsonObject;

const rules: ParamRules = {
	schema: plain(
		Type.Object({
			ratePerSec: Type.Number({ default: 240, minimum: 1, maximum: 2_000 }),
			slots: Type.Integer({ default: 4, minimum: 1, maximum: 64 }),
			mode: Type.Union([Type.Literal("fifo"), Type.Literal("lifo")], { default: "fifo" }),
			keyed: Type.Boolean({ default: false }),
			label: Type.String({ default: "a", maxLength: 8 }),
		}),
	),
	sizes: { small: { ratePerSec: 20 }, large: { ratePerSec: 900, slots: 16 } },
	guarded: true,
};
const unguarded = { ...rules, guarded: false };

function refusal(given: Record<string, unknown>, by = rules): string {
	try {
		resolveParams(by, given);
	} catch (error) {
		if (error instanceof FaultlineError && error.code === "FLT_PARAM_INVALID") return error.message;
		throw error;
	}
	throw new Error(`accepted: ${JSON.stringify(given)}`);
}

t.test("without anything given there are the defaults, seed 1, size default, guard on", (t) => {
	const { params, changed, seedDrawn } = resolveParams(rules, {});
	t.same(params, {
		ratePerSec: 240,
		slots: 4,
		mode: "fifo",
		keyed: false,
		label: "a",
		seed: 1,
		size: "default",
		guard: "on",
	});
	t.same([changed, seedDrawn], [{}, false]);
	t.ok(Object.isFrozen(params), "nobody changes a run's parameters");
	t.end();
});

t.test("a value is never made into one of another type, except from text that says it", (t) => {
	const rows: [given: Record<string, unknown>, why: string][] = [
		[{ ratePerSec: null }, "no 0"],
		[{ ratePerSec: true }, "no 1"],
		[{ ratePerSec: "0x100" }, "no 256"],
		[{ ratePerSec: " 5" }, "no 5"],
		[{ ratePerSec: [5] }, "no 5"],
		[{ ratePerSec: "1e999" }, "beyond any number"],
		[{ ratePerSec: Number.POSITIVE_INFINITY }, "beyond any number"],
		[{ slots: "" }, "no 0"],
		[{ keyed: 1 }, "no true"],
		[{ keyed: null }, "no false"],
		[{ keyed: "yes" }, "no true"],
		[{ label: true }, "no text"],
		[{ label: null }, "no empty text"],
		[{ seed: [5] }, "no 5"],
		[{ seed: "0x10" }, "no 16"],
		[{ seed: true }, "no 1"],
		[{ retries: [1] }, "no 1"],
		[{ allowDestructive: 1 }, "no true"],
		[{ allowDestructive: "yes" }, "no true"],
		[{ allowDestructive: null }, "no false"],
		[{ size: ["small"] }, "no size"],
	];
	for (const [given, why] of rows)
		t.match(refusal(given), new RegExp(`^${Object.keys(given)[0]}: must be .*, but is `), why);
	const { params } = resolveParams(rules, {
		ratePerSec: "2e1",
		slots: "4",
		keyed: "true",
		seed: "7",
	});
	t.match(params, { ratePerSec: 20, slots: 4, keyed: true, seed: 7 });
	t.end();
});

t.test("of many or long mistakes the first are told, and each in short", (t) => {
	const many = Object.fromEntries(
		Array.from({ length: 900 }, (_, n) => [`${"x".repeat(1_000)}${n}`, 1]),
	);
	const message = refusal(many);
	t.ok(message.length < 5_000);
	t.match(message, /; and 880 more$/);
	t.end();
});

t.test("a size has defaults of its own, and what is given wins over them", (t) => {
	const { params, changed } = resolveParams(rules, { size: "large", slots: "2" });
	t.match(params, { ratePerSec: 900, slots: 2, size: "large" });
	t.same(changed, { slots: 2 }, "held against the size's default, and only the scenario's own");
	t.same(
		resolveParams(rules, { size: "large", slots: 16 }).changed,
		{},
		"the size's default, said aloud, is no change",
	);
	t.end();
});

t.test("text from a query or a flag becomes what the schema wants", (t) => {
	const rows: [given: Record<string, unknown>, want: object, why: string][] = [
		[{ ratePerSec: "12.5" }, { ratePerSec: 12.5 }, "a number"],
		[{ slots: "7" }, { slots: 7 }, "a whole number"],
		[{ keyed: "true" }, { keyed: true }, "a yes"],
		[{ label: 5 }, { label: "5" }, "and a number where text is wanted"],
		[{ mode: "lifo" }, { mode: "lifo" }, "one of several words"],
		[{ seed: "4294967295" }, { seed: 4_294_967_295 }, "the greatest seed"],
		[{ seed: 0 }, { seed: 0 }, "the least seed"],
	];
	for (const [given, want, why] of rows) t.match(resolveParams(rules, given).params, want, why);
	t.end();
});

t.test("a refusal names the parameter, its bound and the value", (t) => {
	const rows: [given: Record<string, unknown>, message: string | RegExp, why: string][] = [
		[{ slots: 65 }, "slots: must be at most 64, but is 65", "over the maximum"],
		[{ slots: "0" }, "slots: must be at least 1, but is 0", "under the minimum"],
		[{ slots: 1.5 }, "slots: must be of type integer, but is 1.5", "not whole"],
		[{ ratePerSec: "fast" }, 'ratePerSec: must be of type number, but is "fast"', "no number"],
		[{ ratePerSec: "" }, 'ratePerSec: must be of type number, but is ""', "empty is not zero"],
		[{ ratePerSec: "Infinity" }, /^ratePerSec: must be/, "no end is no rate"],
		[{ label: "far too long" }, /^label: .*8 characters.*"far too long"/, "too long"],
		[{ mode: "heap" }, /^mode: .*"heap"/, "none of the words"],
		[{ size: "huge" }, 'size: must be small, default, large, but is "huge"', "no size"],
		[{ guard: "yes" }, 'guard: must be on, off, but is "yes"', "no guard"],
		[{ seed: -1 }, /^seed: must be a whole number from 0 to 4294967295.* but is -1/, "negative"],
		[{ seed: "4294967296" }, /^seed: .*"4294967296"/, "beyond 32 bits"],
		[{ seed: 1.5 }, /^seed: .*1.5/, "a fraction"],
		[{ seed: "0x10" }, /^seed: .*"0x10"/, "no decimal"],
		[{ seed: "" }, /^seed: .*""/, "empty"],
		[{ seed: null }, /^seed: .*null/, "nothing"],
	];
	for (const [given, message, why] of rows) t.match(refusal(given), message, why);
	t.end();
});

t.test("all problems come together, and the hint lists what there is", (t) => {
	const given = { slots: 65, ratePerSec: 0, rate: 1, guard: "off", seed: "x", size: "big" };
	t.same(refusal(given, unguarded).split("; "), [
		'no parameter "rate"',
		'size: must be small, default, large, but is "big"',
		'seed: must be a whole number from 0 to 4294967295, or random, but is "x"',
		"guard: this scenario has no naive twin, so guard=off means nothing here",
		"ratePerSec: must be at least 1, but is 0",
		"slots: must be at most 64, but is 65",
	]);
	const hint = (by: ParamRules) => {
		try {
			resolveParams(by, { x: 1 });
		} catch (error) {
			return (error as FaultlineError).hint;
		}
		return "";
	};
	t.match(
		hint(rules),
		"parameters: ratePerSec, slots, mode, keyed, label, seed, size, retries, guard",
	);
	t.notMatch(hint(unguarded), /guard/);
	t.end();
});

t.test("an unknown name is refused with the nearest, whatever JavaScript knows it as", (t) => {
	t.equal(refusal({ slot: 1 }), 'no parameter "slot"; did you mean "slots"?');
	t.equal(refusal({ gaurd: "off" }), 'no parameter "gaurd"; did you mean "guard"?');
	for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__"]) {
		const given = JSON.parse(`{ "${name}": "x" }`) as Record<string, unknown>;
		t.match(refusal(given), `no parameter "${name}"`);
	}
	t.end();
});

t.test("what only the daemon reads is no parameter, and no mistake", (t) => {
	const { params } = resolveParams(rules, { wait: "true", format: "text" });
	t.notOk("wait" in params || "format" in params);
	t.end();
});

t.test("guard=off is the naive twin where there is one", (t) => {
	t.equal(resolveParams(rules, { guard: "off" }).params.guard, "off");
	t.equal(resolveParams(unguarded, { guard: "on" }).params.guard, "on");
	t.match(refusal({ guard: "off" }, unguarded), /no naive twin/);
	t.end();
});

t.test("seed=random draws one and says so", (t) => {
	const drawn = Array.from({ length: 8 }, () => resolveParams(rules, { seed: "random" }));
	t.ok(drawn.every(({ seedDrawn }) => seedDrawn));
	t.ok(drawn.every(({ params }) => Number.isInteger(params.seed) && params.seed < 2 ** 32));
	t.ok(new Set(drawn.map(({ params }) => params.seed)).size > 1);
	t.notOk(resolveParams(rules, { seed: "5" }).seedDrawn);
	t.end();
});

t.test("whatever is given, the answer is inside the bounds or one refusal", (t) => {
	const names = ["ratePerSec", "slots", "mode", "keyed", "label", "seed", "size", "guard", "wait"];
	const value = fc.oneof(
		fc.jsonValue(),
		fc.integer({ min: -5, max: 70 }),
		fc.integer({ min: -5, max: 70 }).map(String),
		fc.constantFrom("on", "off", "small", "large", "random", "fifo", "true", "NaN", " 3 "),
	);
	const given = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value);
	let accepted = 0;
	fc.assert(
		fc.property(given, fc.boolean(), (given, guarded) => {
			let params: Record<string, unknown>;
			try {
				params = { ...resolveParams({ ...rules, guarded }, given).params };
			} catch (error) {
				return error instanceof FaultlineError && error.code === "FLT_PARAM_INVALID";
			}
			accepted += 1;
			const { ratePerSec, slots, mode, keyed, label, seed, size, guard, ...rest } = params;
			return (
				Object.keys(rest).length === 0 &&
				within(ratePerSec, 1, 2_000) &&
				within(slots, 1, 64) &&
				Number.isInteger(slots) &&
				(mode === "fifo" || mode === "lifo") &&
				typeof keyed === "boolean" &&
				typeof label === "string" &&
				[...label].length <= 8 &&
				within(seed, 0, 2 ** 32 - 1) &&
				Number.isInteger(seed) &&
				["small", "default", "large"].includes(String(size)) &&
				(guard === "on" || (guard === "off" && guarded))
			);
		}),
		{ numRuns: 500 },
	);
	t.ok(accepted > 20, "the property was put to the test");
	t.end();
});

function within(value: unknown, least: number, most: number): boolean {
	return typeof value === "number" && value >= least && value <= most;
}

t.test("a scenario's own schema is held against the house's rules", (t) => {
	const good = plain(Type.Object({ rate: Type.Number({ default: 1 }) }));
	t.same(schemaProblems(good), []);
	const bad = plain(
		Type.Object({
			seed: Type.Number({ default: 1 }),
			wait: Type.Boolean({ default: true }),
			rate: Type.Number(),
			off: Type.Boolean({ default: false }),
		}),
	);
	t.same(schemaProblems(bad), [
		'parameter "seed" is a reserved name',
		'parameter "wait" is a reserved name',
		'parameter "rate" has no default',
	]);
	t.same(schemaProblems({}), [], "a scenario may have no parameters");
	t.end();
});

t.test("what may be broken for good is allowed by a word, and never by default", (t) => {
	t.equal(resolveParams(rules, {}).allowDestructive, false);
	for (const [given, allowed] of [
		[true, true],
		["true", true],
		[false, false],
		["false", false],
	] as const)
		t.equal(resolveParams(rules, { allowDestructive: given }).allowDestructive, allowed);
	const { params, changed } = resolveParams(rules, { allowDestructive: true });
	t.notOk("allowDestructive" in params, "it is no parameter that a plan could read");
	t.same(changed, {});
	t.end();
});
