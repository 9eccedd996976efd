import t from "tap";
import { readGauges } from "../../../daemon/host/gauges.ts";
import type { HookContext } from "../../../scenarios/contract/context.ts";
import type { RunParams } from "../../../scenarios/contract/run-params.ts";
import type { Hooks } from "../../../scenarios/contract/scenario.ts";

type Gauges = Hooks["gauges"];

/** The first readings of these gauges, so many. */
function readings(gauges: Gauges, count: number): Promise<[string, number | null][]> {
	return new Promise((resolve) => {
		const told: [string, number | null][] = [];
		const stop = readGauges(gauges, 20, {
			context: (signal) => ({ signal }) as HookContext<RunParams>,
			tell(gauge, value) {
				told.push([gauge, value]);
				if (told.length < count) return;
				stop();
				resolve(told);
			},
		});
	});
}

t.test(
	"a gauge is read once an interval; one that throws or says no number has no value",
	async (t) => {
		let reads = 0;
		t.same(await readings({ lag: async () => ++reads * 10 }, 3), [
			["lag", 10],
			["lag", 20],
			["lag", 30],
		]);
		const broken = async () => Promise.reject(new Error("no such group"));
		t.same(await readings({ broken }, 1), [["broken", null]]);
		t.same(await readings({ lag: async () => Number.NaN }, 1), [["lag", null]]);
	},
);

t.test(
	"one that does not answer has no value, is told so, and is not asked again meanwhile",
	async (t) => {
		let asked = 0;
		let aborted = 0;
		const hangs = ({ signal }: HookContext<RunParams>) => {
			asked++;
			signal.addEventListener("abort", () => aborted++);
			return new Promise<number>(() => {});
		};
		t.same(await readings({ hangs }, 2), [
			["hangs", null],
			["hangs", null],
		]);
		t.equal(asked, 2);
		t.equal(aborted, 2);
	},
);
