import { again, pause } from "faultline";
import { writeSql } from "./drift/layout.ts";
import type { Round } from "./drift/rounds.ts";
import { questionsText } from "./job/questions.ts";
import type { BatchResult } from "./job/run-batch.ts";
import type { JobEnd } from "./job-end.ts";

/** What a round is played with. */
export interface Tools {
	/** Runs statements one after another, from one that begins a transaction to one that ends it. */
	source(
		statements: readonly { text: string; values?: unknown[] }[],
		signal: AbortSignal,
	): Promise<void>;
	/** The first column of the first row; source and target lie in one database here. */
	ask(text: string, signal: AbortSignal): Promise<string | null>;
	/** One run of the job. */
	run(args: readonly string[], signal: AbortSignal): Promise<JobEnd>;
}

/** What is kept of a round. */
export type RoundReceipt = {
	round: number;
	/** Runs that came to no end of their own, with the reason of each. */
	interrupted: string[];
	/** What the job asked before it went on; null where it asked nothing. */
	asked: { text: string; unchanged: boolean } | null;
	result: Exclude<BatchResult, { kind: "asked" }> | null;
	/** From the first run to the verdict on the source as it is: a question, or a batch that is loaded. */
	verdictMs: number;
	/** What the batch did when it was run once more: it must change nothing, and end; null where it was not run. */
	rerun: "same" | "changed" | "broke" | null;
};

/** One round: the source changes and is written to, the batch is loaded, questions are answered, and it is run once more. */
export async function playRound(
	round: Round,
	schema: string,
	triesMax: number,
	tools: Tools,
	signal: AbortSignal,
): Promise<RoundReceipt> {
	const interrupted: string[] = [];
	const batch = ["--batch", String(round.number)];
	const state = () => again(() => stateOf(tools, signal), signal);
	const load = async (args: readonly string[]): Promise<BatchResult | null> => {
		for (let tries = 0; tries < triesMax; tries++) {
			const end = await again(() => tools.run(args, signal), signal);
			if (end.kind === "ended") return end.result;
			interrupted.push(end.reason);
			// Where the job is not there at all, a run takes no time.
			await pause(Math.min(50 * 2 ** tries, 1_000), signal);
			signal.throwIfAborted();
		}
		return null;
	};
	await write(round, schema, tools, signal);
	const isAmbiguous = round.answers.length > 0;
	const before = isAmbiguous ? await state() : null;
	const fromMs = performance.now();
	const [first] = await Promise.all([
		load(batch),
		round.during ? change(round, schema, tools, signal) : undefined,
	]);
	const verdictMs = performance.now() - fromMs;
	const receipt = { round: round.number, interrupted, verdictMs };
	if (first?.kind !== "asked")
		return { ...receipt, asked: null, result: first, rerun: await rerun() };
	const asked = {
		text: questionsText(first.questions).slice(0, 2_000),
		unchanged: before === null || before === (await state()),
	};
	const second = await load([...batch, "--answers", JSON.stringify(round.answers)]);
	const result = second?.kind === "asked" ? null : second;
	return { ...receipt, asked, result, rerun: await rerun() };

	async function rerun(): Promise<RoundReceipt["rerun"]> {
		if (round.number % rerunEvery !== 0) return null;
		const loaded = await state();
		if ((await load(batch)) === null) return "broke";
		return loaded === (await state()) ? "same" : "changed";
	}
}

/** All rows of the target in one value; `nothing` before the first batch. */
async function stateOf(tools: Tools, signal: AbortSignal): Promise<string | null> {
	const there = await tools.ask("select to_regclass('warehouse.orders')::text", signal);
	if (there === null) return "nothing";
	return tools.ask(
		"select count(*) || ' rows, ' || coalesce(sum(hashtextextended(orders::text, 0)), 0) from warehouse.orders",
		signal,
	);
}

/** Every so many rounds the batch is run once more though nothing has interrupted it. */
const rerunEvery = 2;

/** Puts the round's rows into the source, once, with what changes before them. */
async function write(
	round: Round,
	schema: string,
	tools: Tools,
	signal: AbortSignal,
): Promise<void> {
	const { number, during, edits, writtenBy, orders } = round;
	if (!during) await prepare(round, tools, signal);
	const changes = during ? [] : edits.flatMap(({ edit }) => edit.statements);
	await once(
		number,
		schema,
		[...changes.map((text) => ({ text })), writeSql(schema, writtenBy, orders)],
		tools,
		signal,
	);
}

/** Changes the source of a round whose rows are there. */
async function change(
	round: Round,
	schema: string,
	tools: Tools,
	signal: AbortSignal,
): Promise<void> {
	const changes = round.edits.flatMap(({ edit }) => edit.statements);
	await once(
		-round.number,
		schema,
		changes.map((text) => ({ text })),
		tools,
		signal,
	);
}

async function prepare({ edits }: Round, tools: Tools, signal: AbortSignal): Promise<void> {
	for (const text of edits.flatMap(({ edit }) => edit.alone))
		await again(() => tools.source([{ text }], signal), signal);
}

/** One transaction that is known by its mark to have been done, whatever was heard of its end. */
async function once(
	mark: number,
	schema: string,
	statements: readonly { text: string; values?: unknown[] }[],
	tools: Tools,
	signal: AbortSignal,
): Promise<void> {
	const marked = `select round from ${schema}_rounds where round = ${mark}`;
	await again(async () => {
		if ((await tools.ask(marked, signal)) !== null) return;
		await tools.source(
			[
				{ text: "begin" },
				{ text: `insert into ${schema}_rounds values (${mark})` },
				...statements,
				{ text: "commit" },
			],
			signal,
		);
	}, signal);
}
