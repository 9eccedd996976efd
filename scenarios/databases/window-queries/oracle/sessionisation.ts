import type { Oracle } from "./answer.ts";

/** Walks through each customer's visits and closes a session where he stays away too long. */
const sessionisation: Oracle = (orders, { region, gap_minutes }) => {
	const minutesOf = new Map<number, number[]>();
	for (const { region: of, customerId, minute } of orders) {
		if (of !== region) continue;
		const minutes = minutesOf.get(customerId);
		if (minutes === undefined) minutesOf.set(customerId, [minute]);
		else minutes.push(minute);
	}
	const found = new Map<number, { sessions: number; longest: number }>();
	const close = (count: number, minutes: number) => {
		const { sessions, longest } = found.get(count) ?? { sessions: 0, longest: 0 };
		found.set(count, { sessions: sessions + 1, longest: Math.max(longest, minutes) });
	};
	for (const minutes of minutesOf.values()) {
		minutes.sort((a, b) => a - b);
		let begin = minutes[0]!;
		let last = begin;
		let count = 0;
		for (const minute of minutes) {
			if (minute - last > Number(gap_minutes)) {
				close(count, last - begin);
				begin = minute;
				count = 0;
			}
			last = minute;
			count += 1;
		}
		close(count, last - begin);
	}
	return [...found]
		.sort(([a], [b]) => a - b)
		.map(([count, { sessions, longest }]) => [`${count}`, `${sessions}`, `${longest}`]);
};

export default sessionisation;
