import type { Finding } from "../../../subjects/gate/findings.ts";
import type { Contract } from "../../../subjects/gate/odcs.ts";
import { versionOf } from "../../../subjects/gate/versions.ts";

// What `worker.py` says, and what of it is said by the tool: which promises it finds broken, and where.

/** By their file names. */
export type Contracts = Readonly<Record<string, Contract>>;

export interface Answer {
	version: string;
	contracts: ContractAnswer[];
}

export interface ContractAnswer {
	file: string;
	lint: Run;
	/** Null of what is no contract. */
	test: Run | null;
	/** What is otherwise than in the contract before it; null where there is nothing to compare. */
	breaking: ToolChange[] | null;
}

/** `error` breaks those who read by the contract. */
export interface ToolChange {
	/** `schema.orders.properties.note.required`. */
	path: string;
	level: "error" | "warning" | "info";
	message: string;
}

type Result = "passed" | "warning" | "failed" | "error" | "info" | "skipped" | "unknown";

export interface Run {
	result: Result;
	checks: ToolCheck[];
}

export interface ToolCheck {
	type: string;
	model: string | null;
	field: string | null;
	result: Result;
	reason: string;
}

/** What the tool thinks of a state. */
export interface Opinion {
	/**
	 * What fails its `lint` and `test`: its own `ci` ends with an error by these. And what its `breaking` says breaks readers, where the contract has no new major version: versions it does not read, so that this much is added to it.
	 */
	findings: Finding[];
	/** What it says and lets pass. */
	warnings: Finding[];
	/** Whether its `breaking` ends with an error by itself, whatever the version. */
	isBreaking: boolean;
	/** What it has looked at and found as it should be. */
	passedCount: number;
	/** Paths of all that it sees changed in contracts. */
	listed: string[];
}

/** Throws where it was kept from looking: that is no opinion. */
export function opinionOf({ contracts }: Answer, before: Contracts, after: Contracts): Opinion {
	const changes = contracts.flatMap(({ breaking }) => breaking ?? []);
	return {
		findings: contracts.flatMap(({ file, lint, test, breaking }) => [
			...lintFindings(file, lint, isBad),
			...(test === null ? [] : testFindings(test)),
			...(breaking === null || isNewMajor(before[file], after[file])
				? []
				: breaking.filter(({ level }) => level === "error").map(changeFinding)),
		]),
		warnings: contracts.flatMap(({ file, lint, test }) => [
			...lintFindings(file, lint, isWarning),
			...(test?.checks ?? []).filter(isWarning).flatMap(checkFindings),
		]),
		isBreaking: changes.some(({ level }) => level === "error"),
		passedCount: contracts
			.flatMap(({ test }) => test?.checks ?? [])
			.filter(({ result }) => result === "passed").length,
		listed: changes.map(({ path }) => path),
	};
}

/** It says what it can't run as well as what is wrong with the file; where that is about a column, at the column. */
function lintFindings(
	file: string,
	{ checks }: Run,
	isOne: (check: ToolCheck) => boolean,
): Finding[] {
	return checks.filter(isOne).map(({ model, field, reason }) => ({
		place: model === null ? [file] : [model, field].filter((word) => word !== null),
		rule: "odcs",
		why: reason,
	}));
}

function testFindings({ checks }: Run): Finding[] {
	const bad = checks.filter(isBad);
	const general = bad.find(({ model }) => model === null);
	if (general !== undefined) throw new Error(`datacontract-cli could not look: ${general.reason}`);
	const absent = new Set(bad.filter(isOfAbsentTable).map(({ model }) => model!));
	return [
		...[...absent].map((table) => ({
			place: [table],
			rule: "presence",
			why: "it could not read the table",
		})),
		...bad.filter((check) => !isOfAbsentTable(check)).flatMap(checkFindings),
	];
}

/** None of what is about the contract as a whole: its lint says that. */
function checkFindings({ type, model, field, reason }: ToolCheck): Finding[] {
	if (model === null) return [];
	const place = [model, field].filter((word) => word !== null);
	return [{ place, rule: rules[type] ?? "quality", why: reason }];
}

function changeFinding({ path, message }: ToolChange): Finding {
	const [, table, column] = /^schema\.([^.]+)(?:\.properties\.([^.]+))?/.exec(path) ?? [];
	const place = [table, column].filter((word) => word !== undefined);
	return { place: place.length === 0 ? [path] : place, rule: "version", why: message };
}

function isNewMajor(before: Contract | undefined, after: Contract | undefined): boolean {
	if (before === undefined || after === undefined) return true;
	const [from, to] = [versionOf(before), versionOf(after)];
	return from === null || (to !== null && to[0] > from[0]);
}

function isBad({ result }: ToolCheck): boolean {
	return result === "failed" || result === "error";
}

function isWarning({ result }: ToolCheck): boolean {
	return result === "warning";
}

/** It then says so of every check of that table. */
function isOfAbsentTable({ model, reason }: ToolCheck): boolean {
	return reason.startsWith(`Could not read model '${model}'`);
}

/** By our words, what its checks of a column are about. All others are rules about values; their names it does not say. */
const rules: Readonly<Record<string, string>> = {
	field_is_present: "presence",
	field_physical_type: "type",
	field_type: "type",
	field_required: "nullability",
	field_primary_key_required: "nullability",
	field_unique: "unique",
	field_primary_key_unique: "primary-key",
	primary_key_unique: "primary-key",
};
