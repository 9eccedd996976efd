import t from "tap";
import { overlaps, pauseFinder, pauseText } from "../../load/host-pauses.ts";

const ns = (ms: number) => BigInt(ms) * 1_000_000n;

t.test(
	"a gap of more than 250 ms between ticks is a pause of the host, late ticks are none",
	async (t) => {
		const find = pauseFinder();
		const seen = [0, 50, 101, 349, 400, 1000, 1250].map((ms) => find(ns(ms)));
		t.same(seen, [null, null, null, null, null, { fromNs: ns(400), toNs: ns(1000) }, null]);
	},
);

t.test("a pause counts where any part of it lies in what was measured", async (t) => {
	const pause = { fromNs: ns(400), toNs: ns(1000) };
	t.ok(overlaps(pause, ns(900), ns(2000)));
	t.ok(overlaps(pause, ns(0), ns(500)));
	t.notOk(overlaps(pause, ns(1000), ns(2000)));
	t.notOk(overlaps(pause, ns(0), ns(400)));
	t.equal(pauseText(pause, ns(100)), "the host stood still for 600 ms, 300 ms after the start");
});
