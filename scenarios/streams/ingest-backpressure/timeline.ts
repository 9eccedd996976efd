import type { Decision } from "./decisions.ts";
import type { Moment } from "./record.ts";

const momentsMax = 600;

/** How many waited, were under way and could be, from instant to instant, in milliseconds from `zeroAtMs`. */
export function timelineOf(decisions: readonly Decision[], zeroAtMs: number): Moment[] {
	const moments: Moment[] = [];
	let [waiting, underWay, limit] = [0, 0, 0];
	for (const one of decisions) {
		if (one.is === "queued") waiting += 1;
		else if (one.is === "dropped") waiting -= 1;
		else if (one.is === "ended") underWay -= 1;
		else if (one.is === "begun") [waiting, underWay] = [0, 0];
		else if (one.is === "started") {
			waiting -= 1;
			underWay = one.underWay;
			limit = one.limit;
			moments.push([Math.round(one.atMs - zeroAtMs), waiting, underWay, limit]);
		}
	}
	const every = Math.ceil(moments.length / momentsMax);
	return moments.filter((_, place) => place % every === 0);
}
