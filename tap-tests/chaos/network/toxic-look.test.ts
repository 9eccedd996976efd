import fc from "fast-check";
import t from "tap";
import { loadKind } from "../../../chaos/kinds.ts";
import { looksFor } from "../../../chaos/network/toxic-look.ts";
import type { RoundTrip } from "../../../chaos/probe.ts";

const trip = (kind: RoundTrip["kind"], ms = 1, carried?: RoundTrip["carried"]): RoundTrip => ({
	kind,
	ms,
	error: kind === "broken" ? "ECONNRESET" : null,
	...(carried && { carried }),
});
const [answered, silent, broken] = [trip("answered"), trip("silent"), trip("broken")];

/** What a kind's proof says of what the old connection and new ones show; `fresh` is asked once per connection. */
async function proof(
	kind: string,
	params: object,
	{ old = answered, fresh }: { old?: RoundTrip; fresh: () => RoundTrip },
	step: "prove" | "gone" = "prove",
) {
	const probe = { old: async () => old, fresh: async () => fresh(), hangUp: async () => fresh() };
	const target = {
		probeOf: async () => probe,
		toxiproxy: { getProxy: async () => ({ toxics: [] }) },
	};
	const undo = { faultId: "f", on: "db", proxies: ["p"], params, toxics: ["f-0"] };
	return (await loadKind(kind))[step](target as never, undo as never);
}

t.test(
	"what is certain of a kind proves it, on old and new connections, and nothing less",
	async (t) => {
		const latency = { latencyMs: 100, jitterMs: 20 };
		const slow = trip("answered", 80);
		const carried = (ms: number, receivedBytes: number, sentBytes = 9) =>
			trip("answered", ms, { receivedBytes, sentBytes });
		const slicer = { averageBytes: 8, variationBytes: 2, delayUs: 1_000 };
		type Row = [
			kind: string,
			params: object,
			old: RoundTrip,
			fresh: RoundTrip,
			ok: boolean,
			why: string,
		];
		const rows: Row[] = [
			["latency", latency, slow, slow, true, "the least that it can be"],
			["latency", latency, slow, trip("answered", 79), false, "a new one is quicker than that"],
			["latency", latency, trip("answered", 79), slow, false, "an old one is quicker than that"],
			["latency", latency, silent, silent, true, "slower still"],
			["latency", latency, slow, broken, false, "broken is not slow"],
			["latency", latency, broken, slow, true, "something else has cut the old one"],
			[
				"latency",
				{ ...latency, direction: "both" },
				silent,
				trip("answered", 159),
				false,
				"it comes twice",
			],
			["timeout", {}, silent, silent, true, "neither says anything"],
			["timeout", {}, broken, silent, true, "there was no connection from before"],
			["timeout", {}, answered, silent, false, "old connections still work"],
			["timeout", {}, silent, answered, false, "new connections still work"],
			["timeout", {}, silent, broken, false, "refused is not silent"],
			["reset", {}, broken, broken, true, "both are cut"],
			["reset", {}, answered, broken, false, "the old one lives"],
			[
				"bandwidth",
				{ rateKBPerSec: 10 },
				silent,
				carried(80, 1_000),
				true,
				"as slow as the rate, nearly",
			],
			[
				"bandwidth",
				{ rateKBPerSec: 10 },
				silent,
				carried(79, 1_000),
				false,
				"quicker than the rate",
			],
			[
				"bandwidth",
				{ rateKBPerSec: 10 },
				silent,
				trip("answered", 900),
				false,
				"nothing was carried",
			],
			[
				"bandwidth",
				{ rateKBPerSec: 10, direction: "upstream" },
				silent,
				carried(79, 5, 1_000),
				false,
				"the other way",
			],
			[
				"bandwidth",
				{ rateKBPerSec: 10, direction: "both" },
				silent,
				carried(150, 1_000, 1_000),
				false,
				"there and back",
			],
			["slicer", slicer, silent, carried(9, 100), true, "nine pauses between ten slices"],
			["slicer", slicer, silent, carried(8.9, 100), false, "fewer pauses than slices need"],
			["slicer", slicer, silent, carried(50, 19), false, "too little to have a pause"],
			["slow-close", { delayMs: 50 }, answered, trip("answered", 50), true, "it lingers"],
			["slow-close", { delayMs: 50 }, answered, trip("answered", 49), false, "it closes earlier"],
			[
				"slow-close",
				{ delayMs: 50, direction: "both" },
				answered,
				trip("answered", 99),
				false,
				"it lingers twice",
			],
			["data-limit", { limitBytes: 5 }, broken, broken, true, "closed in the middle"],
			["data-limit", { limitBytes: 5 }, broken, answered, false, "all of it came"],
		];
		for (const [kind, params, old, fresh, ok, why] of rows) {
			t.equal((await proof(kind, params, { old, fresh: () => fresh })).ok, ok, `${kind}: ${why}`);
		}
	},
);

t.test("enough connections are looked at to be sure, and no more than that takes", (t) => {
	fc.assert(
		fc.property(fc.double({ min: 0.01, max: 0.999_9, noNaN: true }), (toxicity) => {
			const looks = looksFor(toxicity);
			const missed = (n: number) => (1 - toxicity) ** n;
			return missed(looks) < 1e-4 && (looks === 1 || missed(looks - 1) > 0.999e-4);
		}),
	);
	t.equal(looksFor(1), 1);
	t.equal(looksFor(0.01), 917);
	t.end();
});

t.test("a fault on a share of the connections is proved by the first that shows it", async (t) => {
	let looks = 0;
	const { ok, seen } = await proof(
		"reset",
		{ toxicity: 0.2 },
		{ fresh: () => (++looks === 20 ? broken : answered) },
	);
	t.ok(ok);
	t.match(seen, /^one of \d+ new connections: broken after 1 ms \(ECONNRESET\); a broken/);
	t.ok(looks >= 20 && looks < looksFor(0.2), `${looks} were looked at`);
});

t.test(
	"a fault on a share of the connections is not proved when all that had to be looked at are spared",
	async (t) => {
		let looks = 0;
		const fresh = () => {
			looks += 1;
			return answered;
		};
		t.match(await proof("reset", { toxicity: 0.5 }, { fresh }), {
			ok: false,
			seen: /^none of 14 new connections: answered/,
		});
		t.equal(looks, 14);
		t.match(
			await proof("reset", { toxicity: 0.5 }, { old: broken, fresh }),
			{ ok: false },
			"an old connection says nothing of a share",
		);
	},
);

t.test("a fault on a share of the connections is gone when all of as many are clean", async (t) => {
	let looks = 0;
	const dirtyAt = (at: number) => () => (++looks === at ? broken : answered);
	t.match(await proof("reset", { toxicity: 0.5 }, { fresh: dirtyAt(-1) }, "gone"), {
		ok: true,
		seen: /^each of 14 new connections: answered/,
	});
	t.equal(looks, 14);
	looks = 0;
	t.match(await proof("reset", { toxicity: 0.5 }, { fresh: dirtyAt(13) }, "gone"), {
		ok: false,
		seen: /^one of 1[34] new connections: broken/,
	});
	looks = 0;
	await proof("reset", {}, { fresh: dirtyAt(-1) }, "gone");
	t.equal(looks, 1, "where it acts on every connection, one is enough");
});
