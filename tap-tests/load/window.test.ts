import t from "tap";
import type { Arrival } from "../../load/arrival.ts";
import type { Schedule } from "../../load/schedule.ts";
import { cutOff, refuseEmpty } from "../../load/window.ts";

const replay: Arrival = { kind: "replay", file: "log.txt", speed: 1 };
const constant: Arrival = { kind: "constant", ratePerSec: 1 };
const at = (...times: number[]): Schedule => ({ shape: "open", pacer: (n) => times[n] ?? null });

t.test("a window without an operation is refused, and one with an operation is not", async (t) => {
	const window = { fromMs: 1_000, toMs: 2_000 };
	t.throws(() => refuseEmpty(constant, at(0, 2_000), window), {
		code: "FLT_USAGE",
		message: /"constant" has no operation from 1 s to 2 s/,
	});
	t.doesNotThrow(() => refuseEmpty(constant, at(0, 1_000), window));
	t.doesNotThrow(() =>
		refuseEmpty(constant, { shape: "closed", thinkMs: 0, operations: 1 }, window),
	);
});

t.test("what is cut off a replay is told, with the duration that takes it all", async (t) => {
	const window = { fromMs: 1_000, toMs: 2_000 };
	t.match(cutOff(replay, at(0, 1_999, 2_000, 9_000), window), [
		/^2 operations of log\.txt were due after the time that was measured.*: --duration 9s takes/,
	]);
	t.same(cutOff(replay, at(0, 1_999), window), []);
	t.same(cutOff(constant, at(0, 9_000), window), [], "others are as long as they are asked to be");
});
