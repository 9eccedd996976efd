import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { initSync, Model } from "@ironcalc/wasm";
import { type Sheet as FileSheet, readXlsx } from "hucre";
import t from "tap";
import { compare } from "../../../../scenarios/storage/storage-tiers/comparison.ts";
import { billOf, monthlyUsd } from "../../../../scenarios/storage/storage-tiers/cost.ts";
import { optimum } from "../../../../scenarios/storage/storage-tiers/optimum.ts";
import { placedBy, policyNames } from "../../../../scenarios/storage/storage-tiers/policies.ts";
import {
	type Prices,
	readPrices,
	type TierPrice,
} from "../../../../scenarios/storage/storage-tiers/prices.ts";
import { tiers } from "../../../../scenarios/storage/storage-tiers/tiers.ts";
import { traceOf } from "../../../../scenarios/storage/storage-tiers/trace.ts";
import { priceCell } from "../../../../scenarios/storage/storage-tiers/workbook.ts";
import {
	sheets,
	workbookTrace,
} from "../../../../scenarios/storage/storage-tiers/write-workbook.ts";

// The committed file is read by the library that wrote it, and calculated by another spreadsheet's engine.

initSync({
	module: readFileSync(
		fileURLToPath(new URL("wasm_bg.wasm", import.meta.resolve("@ironcalc/wasm"))),
	),
});

const file = new URL(
	"../../../../scenarios/storage/storage-tiers/cost-model.xlsx",
	import.meta.url,
);
const prices = readPrices();
const trace = traceOf(workbookTrace);
const names = ["Summary", "Prices", ...policyNames, "optimum"];

const book = await readXlsx(readFileSync(file));

/** The file in a spreadsheet's engine, calculated anew. */
function opened(sheetsOfFile: readonly FileSheet[]): Model {
	const model = new Model("cost model", "en", "UTC", "en");
	// Else it calculates everything anew after every cell.
	model.pauseEvaluation();
	for (const [at, { name }] of sheetsOfFile.entries()) {
		if (at > 0) model.newSheet();
		model.renameSheet(at, name);
	}
	for (const [at, { rows, cells }] of sheetsOfFile.entries())
		for (const [r, row] of rows.entries())
			for (const [c, value] of row.entries()) {
				const formula = cells?.get(`${r},${c}`)?.formula;
				if (formula !== undefined) model.setUserInput(at, r + 1, c + 1, `=${formula}`);
				else if (value !== null) model.setUserInput(at, r + 1, c + 1, String(value));
			}
	model.evaluate();
	return model;
}

/** What each policy costs a month, as the summary's formulas say. */
function summaryOf(model: Model): number[] {
	return names.slice(2).map((_, i) => Number(model.getFormattedCellValue(0, 4 + i, 2)));
}

// The stays are those of the file: only what they cost changes with the prices.
const placements = [
	...policyNames.map((name) => placedBy(name, trace, prices)),
	optimum(trace, prices),
];

function wanted(at: Prices): number[] {
	return placements.map((placement) => monthlyUsd(billOf(trace, placement, at), trace.days, at));
}

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 + 1e-6 * Math.abs(b);

t.test("the committed workbook is the one that the model makes now", (t) => {
	t.same(
		book.sheets.map(({ name }) => name),
		names,
	);
	for (const [at, { name, rows }] of sheets().entries()) {
		const { cells, rows: fileRows } = book.sheets[at]!;
		const differing = rows.flatMap((row, r) =>
			row.flatMap((cell, c) => {
				const found = cells?.get(`${r},${c}`);
				const same =
					typeof cell === "object" && cell !== null
						? found?.formula === cell.formula && near(Number(found.formulaResult), cell.value)
						: (fileRows[r]?.[c] ?? "") === (cell ?? "");
				return same ? [] : [`${name} ${r + 1},${c + 1}: ${JSON.stringify(cell)}`];
			}),
		);
		t.same(differing.slice(0, 3), [], `${name}: run node write-workbook.ts where this differs`);
	}
	t.end();
});

t.test(
	"a spreadsheet that calculates it finds in every formula what the file shows, and the model's sums",
	(t) => {
		const model = opened(book.sheets);
		let formulas = 0;
		const wrong: string[] = [];
		for (const [at, { cells, name }] of book.sheets.entries())
			for (const [place, cell] of cells ?? []) {
				if (cell.formula === undefined) continue;
				formulas += 1;
				const [r, c] = place.split(",").map(Number);
				const value = model.getFormattedCellValue(at, r! + 1, c! + 1);
				if (!near(Number(value), Number(cell.formulaResult)))
					wrong.push(
						`${name} ${place} =${cell.formula} is ${value}, shown as ${cell.formulaResult}`,
					);
			}
		t.same(wrong.slice(0, 3), []);
		t.ok(formulas > 500, `${formulas} formulas`);
		const [found, right] = [summaryOf(model), wanted(prices)];
		t.ok(
			found.every((usd, i) => near(usd, right[i]!)),
			`${found} and ${right}`,
		);
		const outcomes = compare(trace, prices);
		t.ok(found.every((usd, i) => near(usd, outcomes[i]!.monthlyUsd)));
		t.end();
	},
);

t.test(
	"whatever price is changed in the workbook, the bills follow as they do in the model",
	(t) => {
		const fields: (keyof TierPrice)[] = [
			"usdPerGbMonth",
			"usdPer1000Writes",
			"usdPer1000Reads",
			"usdPerGbRead",
			"minimumDays",
			"minimumBytes",
			"addedBytes",
			"addedHotBytes",
		];
		const model = opened(book.sheets);
		for (const field of fields)
			for (const tier of tiers) {
				const { row, column } = priceCell(field, tier);
				const before = prices.tiers[tier][field];
				const after = before === 0 ? 7_000 : before * 3;
				model.setUserInput(1, row, column, String(after));
				model.evaluate();
				const changed = {
					...prices,
					tiers: { ...prices.tiers, [tier]: { ...prices.tiers[tier], [field]: after } },
				};
				const [found, right] = [summaryOf(model), wanted(changed)];
				t.ok(
					found.every((usd, i) => near(usd, right[i]!)),
					`${field} of ${tier}: ${found}, wanted ${right}`,
				);
				model.setUserInput(1, row, column, String(before));
			}
		t.end();
	},
);
