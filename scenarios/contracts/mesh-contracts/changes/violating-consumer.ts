import { pick, type Stream } from "faultline";
import { breaking } from "../../../subjects/gate/part.ts";
import { widened } from "../../../subjects/shop/tables.ts";
import { readOf } from "../mesh/first-mesh.ts";
import {
	type ConsumerName,
	type ConsumerTest,
	consumerNames,
	datasetName,
	type ExpectationName,
	type Mesh,
	type Published,
} from "../mesh/mesh.ts";
import type { Kind, Proposal } from "./change.ts";
import { editConsumer } from "./parts.ts";
import {
	aliasOf,
	type ColumnAt,
	columnAt,
	columnsOf,
	declaredOf,
	freshName,
	oneOf,
	versionOf,
} from "./places.ts";

// What a consumer proposes that does not hold: by a contract that is stale, or that it has not read.

/** A test that counts rows by a column. */
export function countBy(mesh: Mesh, { domain, relation, column }: ColumnAt): ConsumerTest {
	const { meaning } = columnAt(mesh, { domain, relation, column });
	return {
		reads: [readOf(mesh, aliasOf(relation), datasetName(domain, relation), [meaning])],
		shape: { kind: "count-by", meaning },
		expectations: [],
		mistake: null,
	};
}

/** The proposal of a new test. */
export function proposing(
	consumer: ConsumerName,
	query: string,
	test: ConsumerTest,
	text: string,
): Proposal {
	const part = editConsumer(`ask ${query}, ${text}`, consumer, ({ tests }) => {
		tests[query] = test;
	});
	return { repository: consumer, parts: [part] };
}

/** A test of a column that is published, made wrong. */
function wrong(
	text: string,
	rule: string,
	spoil: (
		test: ConsumerTest,
		at: ColumnAt,
		draw: Stream,
	) => { test: ConsumerTest; place: string[] } | null,
	from: (mesh: Mesh) => ColumnAt[] = declaredOf,
): Kind {
	return (draw, mesh) => {
		const at = oneOf(draw, from(mesh));
		if (at === null) return null;
		const consumer = pick(draw, consumerNames);
		const query = freshName(draw, "asked");
		const spoiled = spoil(countBy(mesh, at), at, draw);
		if (spoiled === null) return null;
		const { test, place } = spoiled;
		const { repository, parts } = proposing(consumer, query, test, text);
		return [
			{
				repository,
				parts: parts.map((part) => breaking(part, [consumer, query, ...place], rule)),
			},
		];
	};
}

/** The same test with its only column as another. */
function reading(
	test: ConsumerTest,
	as: (column: ConsumerTest["reads"][number]["columns"][number]) => {
		name?: string;
		type?: string;
	},
): ConsumerTest {
	const [read] = test.reads;
	const columns = read!.columns.map((column) => ({ ...column, ...as(column) }));
	return { ...test, reads: [{ ...read!, columns }] };
}

const undeclaredOf = (mesh: Mesh) => columnsOf(mesh).filter((at) => !columnAt(mesh, at).isDeclared);

export const violatingConsumer = {
	"stale-column": wrong("by a column that was there once", "presence", (test, at) => {
		const name = `old_${at.column}`;
		return {
			test: reading(test, () => ({ name })),
			place: [datasetName(at.domain, at.relation), name],
		};
	}),
	"stale-version": wrong("of a version that nobody publishes", "presence", (test, at) => {
		const { base } = versionOf(at.relation);
		const dataset = datasetName(at.domain, `${base}_v99`);
		return { test: { ...test, reads: [{ ...test.reads[0]!, dataset }] }, place: [dataset] };
	}),
	"stale-type": wrong("by a type that it had once", "type", (test, at) => {
		const type = widened(test.reads[0]!.columns[0]!.type);
		if (type === null) return null;
		return {
			test: reading(test, () => ({ type })),
			place: [datasetName(at.domain, at.relation), at.column],
		};
	}),
	"reads-undeclared": wrong(
		"by a column that is in no contract",
		"presence",
		(test, at) => ({ test, place: [datasetName(at.domain, at.relation), at.column] }),
		undeclaredOf,
	),
	"reads-in-secret": wrong("by a column that it does not name", "reads", (test, at) => ({
		test: { ...test, mistake: "hidden-read" },
		place: [datasetName(at.domain, at.relation), at.column],
	})),
	"test-misspelt": wrong("with a word misspelt", "format", (test) => ({
		test: { ...test, mistake: "misspelt" },
		place: [],
	})),
	"expects-too-much": (draw, mesh) => {
		const at = oneOf(
			draw,
			declaredOf(mesh).filter((at) => isStatus(mesh, at)),
		);
		if (at === null) return null;
		const consumer = pick(draw, consumerNames);
		const query = freshName(draw, "asked");
		const rule: ExpectationName = "none-cancelled";
		const test = { ...countBy(mesh, at), expectations: [rule] };
		const { repository, parts } = proposing(consumer, query, test, "expecting none cancelled");
		return [{ repository, parts: parts.map((part) => breaking(part, [consumer, query], rule)) }];
	},
} satisfies Record<string, Kind>;

/** Whether a column is the status of orders, as it is, and some of them are cancelled. */
function isStatus(mesh: Mesh, at: ColumnAt): boolean {
	const { meaning, making } = columnAt(mesh, at);
	const { rows }: Pick<Published, "rows"> = mesh.publishers[at.domain].datasets[at.relation]!;
	return (
		meaning === "status" &&
		making.kind === "column" &&
		rows.kind === "all" &&
		mesh.publishers.sales.tables.orders!.rows.some(({ status }) => status === "cancelled")
	);
}
