import t from "tap";
import { lingering } from "../../../scenarios/kit/linger.ts";

t.test(
	"what comes while it lingers is handed over at once, in its order, and then the next",
	async (t) => {
		const handed: number[][] = [];
		const take = lingering<number>(0, (all) => handed.push(all));
		for (const one of [1, 2, 3]) take(one);
		t.same(handed, [], "not in the turn in which it came");
		while (handed.length === 0) await new Promise(setImmediate);
		take(4);
		while (handed.length === 1) await new Promise(setImmediate);
		t.same(handed, [[1, 2, 3], [4]]);
	},
);
