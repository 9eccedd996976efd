import { compare, type Outcome, outcomeNamed, placedByAll } from "./comparison.ts";
import { readsIn, stayLines, storageUsdPerDay, sumOf, writeUsd } from "./cost.ts";
import type { Placement } from "./placement.ts";
import { gbBytes, type Prices, type TierPrice } from "./prices.ts";
import { type Tier, tiers } from "./tiers.ts";
import type { Life, Trace } from "./trace.ts";

// The cost model as a workbook: prices to be edited, one sheet for each policy with a line for each stay, and a summary.
// Every amount is a formula. This only says what is in which cell; `write-workbook.ts` makes the file.

export type Cell =
	| null
	| string
	| number
	/** `value` is what the formula gives at the prices of the file, for who only shows the file. */
	| { formula: string; value: number };

export interface Sheet {
	name: string;
	rows: readonly (readonly Cell[])[];
}

/** Price fields that the bill reads, in the order of their rows. */
const priceRows: { field: keyof TierPrice; label: string }[] = [
	{ field: "usdPerGbMonth", label: "storage, USD per GB-month" },
	{ field: "usdPer1000Writes", label: "writes and moves into it, USD per 1,000" },
	{ field: "usdPer1000Reads", label: "reads and moves out of it, USD per 1,000" },
	{ field: "usdPerGbRead", label: "retrieval, USD per GB read" },
	{ field: "minimumDays", label: "minimum storage duration, days" },
	{ field: "minimumBytes", label: "minimum billed size, bytes" },
	{ field: "addedBytes", label: "added to each object, bytes" },
	{ field: "addedHotBytes", label: "added to each object at the price of hot, bytes" },
];

const priceSheet = "Prices";
/** Numbers as a spreadsheet counts rows, from 1. */
const [tierRow, firstPriceRow] = [3, 4];
const monthRow = firstPriceRow + priceRows.length;
const [firstStayRow, totalColumn] = [4, "R"];

/** The cell of the prices sheet that holds this, as a formula names it. */
export function priceCell(field: keyof TierPrice, tier: Tier): { row: number; column: number } {
	const at = priceRows.findIndex((row) => row.field === field);
	return { row: firstPriceRow + at, column: 2 + tiers.indexOf(tier) };
}

/** The whole workbook over a trace. */
export function workbookOf(trace: Trace, prices: Prices): Sheet[] {
	const placed = placedByAll(trace, prices);
	const ofPolicies = placed.map(({ name, placement }) =>
		policySheet(name, trace, placement, prices),
	);
	const outcomes = compare(trace, prices, placed);
	return [summarySheet(trace, outcomes, ofPolicies), pricesSheet(prices), ...ofPolicies];
}

function summarySheet(
	{ days }: Trace,
	outcomes: readonly Outcome[],
	ofPolicies: readonly Sheet[],
): Sheet {
	const firstRow = 4;
	const hot = outcomeNamed(outcomes, "all-hot");
	const lines = outcomes.map(({ name, monthlyUsd, bill }, i): Cell[] => {
		const [column, tierColumn] = [totalColumn, "C"].map(
			(letter) => `'${name}'!$${letter}$${firstStayRow}:$${letter}$${ofPolicies[i]!.rows.length}`,
		);
		const month = (sum: string) => `${sum}*${priceSheet}!$B$${monthRow}/${days}`;
		const monthly = (tier: Tier) => (sumOf(bill[tier]) * monthlyUsd) / allUsd(bill);
		return [
			name,
			{ formula: month(`SUM(${column})`), value: monthlyUsd },
			{
				formula: `1-B${firstRow + i}/$B$${firstRow}`,
				value: 1 - monthlyUsd / hot.monthlyUsd,
			},
			...tiers.map((tier) => ({
				formula: month(`SUMIF(${tierColumn},"${tier}",${column})`),
				value: monthly(tier),
			})),
		];
	});
	return {
		name: "Summary",
		rows: [
			["What each policy costs. Change the prices in the sheet Prices: everything follows."],
			[`The stays are those of ${days} days that the policies chose at the prices of the file.`],
			["policy", "USD a month", "saved", "in hot", "in warm", "in cold"],
			...lines,
		],
	};
}

function allUsd(bill: Outcome["bill"]): number {
	return tiers.reduce((sum, tier) => sum + sumOf(bill[tier]), 0);
}

function pricesSheet(prices: Prices): Sheet {
	return {
		name: priceSheet,
		rows: [
			["Prices, from prices.json, where their dates and sources are."],
			["A GB is 2^30 bytes."],
			["", ...tiers],
			...priceRows.map(({ field, label }) => [
				label,
				...tiers.map((tier) => prices.tiers[tier][field]),
			]),
			["days in a month", prices.monthDays],
		],
	};
}

const headings = [
	...["object", "version", "tier", "from day", "to day", "bytes", "reads", "written", "then"],
	...[
		"days",
		"column",
		"USD a day",
		"storage",
		"writes",
		"requests",
		"retrieval",
		"early",
		"total",
	],
];

function policySheet(name: string, { lives }: Trace, placement: Placement, prices: Prices): Sheet {
	const rows: Cell[][] = [];
	for (const [i, life] of lives.entries())
		for (const n of placement[i]!.keys())
			rows.push(stayRow(life, placement[i]!, n, firstStayRow + rows.length, prices));
	return {
		name,
		rows: [
			[`Every stay that ${name} chose, in the order of the objects. USD over all days.`],
			['"then" says how it ends: it moves, the object ends, or it stays after the last day.'],
			headings,
			...rows,
		],
	};
}

function stayRow(
	life: Life,
	stays: Placement[number],
	n: number,
	row: number,
	prices: Prices,
): Cell[] {
	const { object, version, sizeBytes, fromDay } = life;
	const stay = stays[n]!;
	const { tier, fromDay: from, toDay: to } = stay;
	const last = n === stays.length - 1;
	const leaves = last ? (life.ends ? "ends" : "stays") : "moves";
	const written = n > 0 || fromDay > 0 ? 1 : 0;
	const lines = stayLines(life, stay, leaves, prices);
	const writesUsd = written * writeUsd(tier, prices);
	const price = (field: keyof TierPrice) => {
		const at = priceCell(field, "hot").row;
		return `INDEX(${priceSheet}!$B$${at}:$D$${at},K${row})`;
	};
	const hotPrice = `${priceSheet}!$B$${priceCell("usdPerGbMonth", "hot").row}`;
	const month = `${priceSheet}!$B$${monthRow}`;
	const requests = `(G${row}+IF(I${row}="moves",1,0))`;
	const formula = (text: string, value: number): Cell => ({ formula: text, value });
	return [
		...[object, version, tier, from, to, sizeBytes, readsIn(life, from, to), written, leaves],
		formula(`E${row}-D${row}`, to - from),
		formula(`MATCH(C${row},${priceSheet}!$B$${tierRow}:$D$${tierRow},0)`, tiers.indexOf(tier) + 1),
		formula(
			`((MAX(F${row},${price("minimumBytes")})+${price("addedBytes")})*${price("usdPerGbMonth")}+${price("addedHotBytes")}*${hotPrice})/${gbBytes}/${month}`,
			storageUsdPerDay(sizeBytes, tier, prices),
		),
		formula(`L${row}*J${row}`, lines.storageUsd),
		formula(`H${row}*${price("usdPer1000Writes")}/1000`, writesUsd),
		formula(`${requests}*${price("usdPer1000Reads")}/1000`, lines.readsUsd),
		formula(`${requests}*F${row}*${price("usdPerGbRead")}/${gbBytes}`, lines.retrievalUsd),
		formula(`IF(I${row}="stays",0,L${row}*MAX(0,${price("minimumDays")}-J${row}))`, lines.earlyUsd),
		formula(`SUM(M${row}:Q${row})`, sumOf(lines) + writesUsd),
	];
}
