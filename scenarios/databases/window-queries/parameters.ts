import { type Stream, stream } from "faultline/subject";
import { categories, customersFor, regions, yearBegin } from "./orders.ts";
import { dayText } from "./text.ts";

/** The values of one query's parameters, by name. */
export type Values = Readonly<Record<string, string | number>>;

type Draw = (draw: Stream, rows: number) => Values;

const whole = (draw: Stream, from: number, to: number) =>
	from + Math.floor(draw() * (to - from + 1));
const region = (draw: Stream) => regions[whole(draw, 0, regions.length - 1)]!;
const category = (draw: Stream) => categories[whole(draw, 0, categories.length - 1)]!;
const day = (draw: Stream, from: number, to: number) => dayText(whole(draw, from, to));
const monthBegin = (month: number) =>
	new Date(new Date(yearBegin).setUTCMonth(month)).toISOString().slice(0, 10);

/** Whatever is drawn, the share of the table that a query reads stays about the same: growth is measured over sizes. */
const draws: Record<string, Draw> = {
	// Not the very first ones: how much they buy is chance.
	"running-total": (draw, rows) => ({
		customer: whole(draw, ...customersBetween(rows, 0.02, 0.1)),
	}),
	"moving-average": (draw) => ({
		category: category(draw),
		from_day: day(draw, 20, 60),
		to_day: day(draw, 300, 340),
		days: whole(draw, 3, 28),
	}),
	sessionisation: (draw) => ({
		region: region(draw),
		gap_minutes: [15, 30, 60][whole(draw, 0, 2)]!,
	}),
	churn: (draw) => ({ region: region(draw), before_month: monthBegin(whole(draw, 9, 11)) }),
	retention: (draw) => ({ region: region(draw), months: whole(draw, 3, 11) }),
	"top-n": (draw) => ({ top: whole(draw, 3, 10) }),
	"gaps-and-islands": (draw) => ({ category: category(draw), least_days: whole(draw, 1, 3) }),
	"period-over-period": (draw) => ({ region: region(draw), months_back: whole(draw, 1, 3) }),
	"share-of-total": (draw) => ({ from_day: day(draw, 0, 40), to_day: day(draw, 320, 364) }),
	percentile: (draw) => ({ region: region(draw), share: whole(draw, 50, 99) / 100 }),
};

/** The ids of the ten queries. */
export const queryIds = Object.keys(draws);

/** The parameters of a query for a table of so many rows; each variant of a seed has its own. */
export function valuesFor(query: string, seed: number, rows: number, variant: number): Values {
	const draw = draws[query];
	if (draw === undefined) throw new Error(`no parameters are known for ${query}`);
	return draw(stream(seed, `parameters/${query}/${variant}`), rows);
}

function customersBetween(rows: number, low: number, high: number): [number, number] {
	const customers = customersFor(rows);
	return [1 + Math.floor(low * customers), Math.max(1, Math.floor(high * customers))];
}
