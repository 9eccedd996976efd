import t from "tap";
import { arrivalOf } from "../../load/arrival-text.ts";

const known = { ratePerSec: 100, durationMs: 10_000 };

t.test("a kind alone has its usual parameters for rate and length", async (t) => {
	t.same(await arrivalOf("constant", known), { kind: "constant", ratePerSec: 100 });
	t.same(await arrivalOf("poisson", known), { kind: "poisson", ratePerSec: 100 });
	t.same(await arrivalOf("ramp", known), {
		kind: "ramp",
		fromPerSec: 0,
		toPerSec: 100,
		overMs: 10_000,
	});
	t.same(await arrivalOf("closed", { ...known, ratePerSec: null }), { kind: "closed", thinkMs: 0 });
});

t.test("parameters may be given, by name and with units, or all of it as JSON", async (t) => {
	t.match(await arrivalOf("spike:spikePerSec=900,atMs=2s,forMs=250ms", known), {
		ratePerSec: 100,
		spikePerSec: 900,
		atMs: 2000,
		forMs: 250,
	});
	const steps = { kind: "steps", steps: [{ ratePerSec: 5, forMs: 10 }] };
	t.same(await arrivalOf(JSON.stringify(steps), { ...known, ratePerSec: null }), steps);
	t.same(await arrivalOf("replay:/a:b/times", { ...known, ratePerSec: null }), {
		kind: "replay",
		file: "/a:b/times",
		speed: 1,
	});
});

t.test("what is missing or unknown is refused, and it says what there is", async (t) => {
	await t.rejects(arrivalOf("constant", { ...known, ratePerSec: null }), {
		code: "FLT_USAGE",
		hint: /--rate/,
	});
	await t.rejects(arrivalOf("poison", known), { message: /did you mean "poisson"/ });
	const unknown = { code: "FLT_USAGE", hint: /meanPerSec, swing, periodMs/ };
	await t.rejects(arrivalOf("sine:height=2", known), unknown);
	await t.rejects(arrivalOf("ramp:overMs=5", known), { code: "FLT_USAGE", hint: /unit/ });
	for (const json of ["{", "{}", '{"kind":5}'])
		await t.rejects(arrivalOf(json, known), { code: "FLT_USAGE", message: /no arrival as JSON/ });
});
