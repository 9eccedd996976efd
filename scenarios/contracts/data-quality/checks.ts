import { type Check, detector, noneWrong } from "faultline";
import { type ExpectedBatch, guardTrials, type QualityFacts } from "./record.ts";
import { noRows } from "./sales/columns.ts";
import type { TrialReceipt } from "./trial.ts";

/** What the validator and who obeys it are as a detector. */
export const gate = detector(guardTrials);

type Counted = Extract<Check<QualityFacts>, { kind: "correctness" }>;

/** A check over things, of which each that is wrong is told by a text. */
function none(
	what: string,
	find: (facts: QualityFacts) => { over: number | null; wrong: string[] },
	shapedBy?: "timing",
): Counted {
	return {
		kind: "correctness",
		...(shapedBy === undefined ? {} : { shapedBy }),
		judge(facts) {
			const { over, wrong } = find(facts);
			return noneWrong({
				over,
				wrong,
				held: `all ${over ?? 0} ${what}`,
				broken: `of ${over ?? 0} ${wrong.length} are wrong`,
			});
		},
	};
}

type Decided = { batch: ExpectedBatch; receipt: TrialReceipt };

/** The batches that came to an end, beside what the seed says of them. */
function decidedIn({ observed, expected }: QualityFacts): Decided[] {
	const receipts = new Map(observed.receipts.map((receipt) => [receipt.batch, receipt]));
	return expected.batches.flatMap((batch) => {
		const receipt = receipts.get(batch.batch);
		return receipt === undefined || receipt.verdict.kind === "none" ? [] : [{ batch, receipt }];
	});
}

const isRejected = ({ receipt }: Decided) => receipt.verdict.kind === "blocked";

/** What is wrong about each, in words; nothing of those about which nothing is. */
function wrongOf<T>(some: readonly T[], why: (one: T) => string | null): string[] {
	return some.flatMap((one) => why(one) ?? []);
}

/** A batch is said to break all that its rows break, by loops over them, and nothing else. */
const findingsExact = none("batches are said to break exactly what their rows break", (facts) => {
	const said = new Map(facts.observed.decided.map(({ batch, broken }) => [batch, broken]));
	const wrong = wrongOf(facts.expected.batches, ({ batch, text, broken }) => {
		const found = said.get(batch);
		if (found === undefined || found.join() === broken.join()) return null;
		return `${batch} ${text}: said ${listText(found)}, broken ${listText(broken)}`;
	});
	return { over: facts.expected.batches.filter(({ batch }) => said.has(batch)).length, wrong };
});

/** One that breaks more than one rule has an error that names each of them, with its column. */
const allNamed = none(
	"errors of batches that break more than one rule name all of them",
	(facts) => {
		const errors = new Map(facts.observed.quarantined.map(({ batch, error }) => [batch, error]));
		const several = decidedIn(facts).filter(
			(one) => isRejected(one) && one.batch.broken.length > 1,
		);
		const wrong = wrongOf(several, ({ batch: { batch, text, broken } }) => {
			const error = errors.get(batch) ?? "";
			const missing = broken.filter((rule) => !error.includes(`${ruleText(rule)}: `));
			return missing.length === 0 ? null : `${batch} ${text}: ${listText(missing)} is not named`;
		});
		// A short run may have none.
		return { over: several.length || null, wrong };
	},
);

/** `customer_id.not_null` as errors have it. */
function ruleText(rule: string): string {
	return `sales.${rule}`
		.replace(/^sales\.([a-z_]+)$/, "sales: $1")
		.replace(/^(sales\.[a-z_]+)\./, "$1: ");
}

function listText(rules: readonly string[]): string {
	return rules.length === 0 ? "nothing" : rules.join(", ");
}

/** A batch that was rejected is in quarantine with all of its rows, and nothing of it is in the warehouse. */
const rejectedWhole = none(
	"rejected batches are in quarantine whole, and nowhere else",
	(facts) => {
		const { loaded, quarantined } = facts.observed;
		const inWarehouse = new Map(loaded.map(({ batch, digest }) => [batch, digest]));
		const inQuarantine = new Map(quarantined.map(({ batch, digest }) => [batch, digest]));
		const rejected = decidedIn(facts).filter(isRejected);
		const wrong = wrongOf(rejected, ({ batch: { batch, text, digest } }) => {
			const left = inWarehouse.get(batch);
			if (left !== undefined) return `${batch} ${text}: ${rowsText(left)} are in the warehouse`;
			const kept = inQuarantine.get(batch) ?? noRows;
			return kept === digest ? null : `${batch} ${text}: quarantine has ${kept}, not ${digest}`;
		});
		return { over: rejected.length, wrong };
	},
);

function rowsText(digest: string): string {
	return `${digest.split(":")[0]} rows`;
}

/** A batch that passed is in the warehouse, once and as it was handed over, and so is nothing else. */
const warehouseRight = none(
	"batches that passed are in the warehouse once, as they were",
	(facts) => {
		const { loaded, quarantined } = facts.observed;
		const passed = decidedIn(facts).filter((one) => !isRejected(one));
		const found = new Map(loaded.map(({ batch, digest }) => [batch, digest]));
		const wanted = new Set(passed.map(({ batch }) => batch.batch));
		const inBoth = new Set(quarantined.map(({ batch }) => batch));
		const wrong = [
			...wrongOf(passed, ({ batch: { batch, text, digest } }) => {
				const there = found.get(batch) ?? noRows;
				if (there !== digest) return `${batch} ${text}: ${there} is there, not ${digest}`;
				return inBoth.has(batch) ? `${batch} ${text}: it is in quarantine too` : null;
			}),
			...wrongOf(loaded, ({ batch, digest }) =>
				wanted.has(batch) || facts.observed.receipts.every((receipt) => receipt.batch !== batch)
					? null
					: `${batch}: ${rowsText(digest)} of a batch that did not pass`,
			),
		];
		return { over: passed.length, wrong };
	},
);

/** Consumers never saw part of a batch, nor anything of one that breaks a rule. */
const readsWhole = none(
	"times that somebody saw a batch it was whole, and broke no rule",
	(facts) => {
		const batches = new Map(facts.expected.batches.map((batch) => [batch.batch, batch]));
		const { reads } = facts.observed;
		const wrong = wrongOf(reads, ({ batch, rowCount, count }) => {
			const made = batches.get(batch);
			const times = `${count} time${count === 1 ? "" : "s"}`;
			if (made === undefined) return `${batch}, which nobody has made, ${times}`;
			if (made.broken.length > 0)
				return `${batch} ${made.text} was seen ${times}, and breaks ${listText(made.broken)}`;
			return rowCount === made.rowCount
				? null
				: `${batch}: ${rowCount} rows of ${made.rowCount} were seen ${times}`;
		});
		return { over: reads.reduce((sum, { count }) => sum + count, 0), wrong };
	},
);

/** A batch that came twice was answered the same, and is there once, which `warehouse-right` says. */
const takenOnce = none("batches that came twice were answered the same twice", (facts) => {
	const twice = facts.observed.receipts.filter(({ again }) => again !== null);
	const wrong = wrongOf(twice, ({ batch, again }) =>
		again === "same" ? null : `${batch}: it was answered otherwise`,
	);
	return { over: twice.length, wrong };
});

/** Every batch in quarantine has a page, whole, that names each column of which a rule is broken. */
const docsWritten = none("batches in quarantine have a page that names what is broken", (facts) => {
	const { pages, quarantined } = facts.observed;
	const byName = new Map(pages.map((page) => [page.page, page]));
	const made = new Map(facts.expected.batches.map((batch) => [batch.batch, batch]));
	const wrong = wrongOf(quarantined, ({ batch, page }) => {
		const found = byName.get(page);
		if (found === undefined) return `${batch}: there is no ${page}`;
		if (!found.isWhole) return `${batch}: ${page} ends in the middle`;
		const columns = (made.get(batch)?.broken ?? []).flatMap((rule) =>
			rule.includes(".") ? [rule.split(".")[0]!] : [],
		);
		const missing = columns.filter((column) => !found.named.includes(column));
		return missing.length === 0 ? null : `${batch}: ${page} does not name ${missing.join(", ")}`;
	});
	return { over: quarantined.length, wrong };
});

/** Nothing is left of batches that are decided, however often somebody was killed over them. */
const stagingClean: Counted = {
	kind: "correctness",
	judge({ observed: { leftInStaging, decided } }) {
		const open = new Set(
			decided.flatMap(({ batch, state }) => (state === "claimed" ? [`batch_${batch}_`] : [])),
		);
		const left = leftInStaging.filter(
			(table) => ![...open].some((begin) => table.startsWith(begin)),
		);
		return noneWrong({
			over: null,
			wrong: left,
			held: "staging has nothing of a batch that is decided",
			broken: `staging still has ${left.length} tables of batches that are decided`,
		});
	},
};

/** A batch over which somebody was interrupted ended as it would have. */
const interruptedEndRight = none(
	"batches over which somebody was interrupted ended as they should",
	(facts) => {
		const interrupted = decidedIn(facts).filter(({ receipt }) => receipt.interrupted.length > 0);
		const wrong = wrongOf(interrupted, ({ batch: { batch, text, broken }, receipt }) =>
			broken.length > 0 === (receipt.verdict.kind === "blocked")
				? null
				: `${batch} ${text}, after ${receipt.interrupted.join("; ")}`,
		);
		return { over: interrupted.length, wrong };
	},
	"timing",
);

/** What is said of batches, and what becomes of them. */
export const quarantine = {
	checks: {
		"findings-exact": findingsExact,
		"all-rules-named": allNamed,
		"rejected-whole": rejectedWhole,
		"warehouse-right": warehouseRight,
		"reads-whole": readsWhole,
		"taken-once": takenOnce,
		"docs-written": docsWritten,
		"staging-clean": stagingClean,
		"interrupted-end-right": interruptedEndRight,
	},
};
