import type { AtScale } from "faultline";

/** What changes at 100 to 10,000 times the size; the numbers are those that `measure-growth.ts` printed. */
export const atScale: AtScale = {
	growth:
		"`node measure-growth.ts` with 300, 1,000 and 3,000 objects over 180 days: 0.093, 0.293 and 0.924 USD a month, ~ objects^1.0; what is saved grows a little, from 35 to 43 %. Of the processor, 5,880 moves took 4.2 s, ~ objects^1.0: 0.7 ms each, whatever else lies there. To start takes 7 µs an object, and a policy 0.13 µs an object and day. The optimum takes 0.25 ms an object, and grows with the square of the days.",
	breaksFirst:
		"What is paid and done for each object. The first days move nearly everything: 100 million objects would cost 1,000 USD of requests to warm or 3,000 to cold, and 20 hours of a core. A restart would read the pointers for 12 minutes, and hold all of them in memory; and the log of pointers is one file with one owner.",
	replacement:
		"The store's own lifecycle rules for what needs no history, with a filter by size; an inventory instead of a walk. Small objects packed into large ones before they go to cold, since a fee an object is what keeps them out of it. Pointers in a database or in the store itself, written on condition as in S3 here, and a mover for each range of names, which recovers only what it had begun: those in doing are listed apart from those that rest.",
};
