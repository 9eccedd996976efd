import { pick, type Stream } from "faultline";
import {
	insertSql,
	type Row,
	statuses,
	type Table,
	widened,
} from "../../../subjects/shop/tables.ts";
import { plain, readOf } from "../mesh/first-mesh.ts";
import {
	allTests,
	consumerNames,
	datasetName,
	domains,
	type Mesh,
	publishedAs,
	type Read,
	repositoryNames,
} from "../mesh/mesh.ts";
import type { Kind, Part, Proposal } from "./change.ts";
import {
	dropColumn,
	editColumn,
	editConsumer,
	editDataset,
	harmlessPart,
	readme,
	renameColumn,
	retire,
	said,
} from "./parts.ts";
import {
	type ColumnAt,
	columnAt,
	columnsOf,
	type DatasetAt,
	datasetAt,
	datasetsOf,
	declaredOf,
	freshName,
	oneOf,
	readersOf,
	versionOf,
} from "./places.ts";
import { countBy, proposing } from "./violating-consumer.ts";

// What nobody who reads notices: it is of nothing that anybody reads, or was agreed on by a version.

/** May come along with any proposal in a publisher's repository: nothing else hangs on it. */
export const companions = {
	"table-added": (draw: Stream): Part => {
		const name = freshName(draw, "list");
		return harmlessPart(`add table ${name}`, `create table ${name} (id integer not null);`);
	},
	"sequence-added": (draw: Stream): Part => {
		const name = freshName(draw, "times");
		return harmlessPart(`add a sequence ${name}`, `create sequence ${name};`);
	},
};

/** A change of a column that nobody reads. */
function ofUnread(
	make: (at: ColumnAt, mesh: Mesh, draw: Stream) => Part | null,
	from = declaredOf,
) {
	return ((draw, mesh) => {
		const unread = from(mesh).filter((at) => readersOf(mesh, at).length === 0);
		const at = oneOf(draw, unread);
		const part = at && make(at, mesh, draw);
		return part === null || at === null ? null : [{ repository: at.domain, parts: [part] }];
	}) satisfies Kind;
}

const undeclaredOf = (mesh: Mesh) => columnsOf(mesh).filter((at) => !columnAt(mesh, at).isDeclared);
const plainOf = (mesh: Mesh) =>
	declaredOf(mesh).filter((at) => {
		const { isKey, isRequired } = columnAt(mesh, at);
		return !isKey && !isRequired;
	});

function inDomain(make: (draw: Stream, repository: (typeof domains)[number]) => Part) {
	return (draw: Stream): [Proposal] => {
		const repository = pick(draw, domains);
		return [{ repository, parts: [make(draw, repository)] }];
	};
}

export const harmless = {
	"unread-column-dropped": ofUnread((at) => said(dropColumn(at), at)),
	"unread-column-renamed": ofUnread((at, _, draw) =>
		said(renameColumn(at, freshName(draw, "renamed")), at),
	),
	"unread-column-typed": ofUnread((at, mesh) =>
		widened(columnAt(mesh, at).type) === null
			? null
			: said(
					editColumn("widen", at, (column) => {
						column.type = widened(column.type)!;
					}),
					at,
				),
	),
	"unread-column-masked": ofUnread((at, mesh) => {
		const { type } = columnAt(mesh, at);
		if (!/^(?:text|character)/.test(type)) return null;
		return editColumn("mask", at, (column) => {
			column.making = { kind: "masked", value: "x" };
		});
	}),
	"unread-column-emptied": ofUnread((at, mesh) => {
		const { type } = columnAt(mesh, at);
		if (!/^(?:text|character)/.test(type)) return null;
		return editColumn("empty", at, (column) => {
			column.making = { kind: "nulled", of: { kind: "masked", value: "x" }, value: "x" };
		});
	}, plainOf),
	"undeclared-column-dropped": ofUnread((at) => dropColumn(at), undeclaredOf),
	"column-added": (draw, mesh) => {
		const at = oneOf(draw, datasetsOf(mesh))!;
		return [{ repository: at.domain, parts: [addColumn(draw, at, false)] }];
	},
	"column-announced": (draw, mesh) => {
		const at = oneOf(draw, datasetsOf(mesh))!;
		return [{ repository: at.domain, parts: [said(addColumn(draw, at, true), at)] }];
	},
	"column-declared": ofUnread(
		(at) =>
			said(
				editColumn("publish", at, (column) => {
					column.isDeclared = true;
				}),
				at,
			),
		undeclaredOf,
	),
	"purpose-written": (draw, mesh) => {
		const at = oneOf(draw, datasetsOf(mesh))!;
		const purpose = freshName(draw, "so that");
		const part = editDataset("say more of what it is for:", at, (dataset) => {
			dataset.purpose = purpose;
		});
		return [{ repository: at.domain, parts: [part] }];
	},
	"model-rewritten": (draw, mesh) => {
		const at = oneOf(draw, datasetsOf(mesh))!;
		const remark = freshName(draw, "so that");
		const part = editDataset("say more of how it is made:", at, (dataset) => {
			dataset.remark = remark;
		});
		return [{ repository: at.domain, parts: [part] }];
	},
	"model-added": (draw, mesh) => {
		const at = oneOf(draw, datasetsOf(mesh))!;
		const name = freshName(draw, "count");
		const part = harmlessPart(`add the model ${name}`, null, ({ publishers }: Mesh) => {
			publishers[at.domain].models[name] =
				`select count(*) as rows_count from {{ source('raw', '${datasetAt(mesh, at).source}') }}\n`;
		});
		return [{ repository: at.domain, parts: [part] }];
	},
	"table-added": inDomain(companions["table-added"]),
	"sequence-added": inDomain(companions["sequence-added"]),
	"version-added": (draw, mesh) => {
		const at = oneOf(
			draw,
			datasetsOf(mesh).filter((at) => isNewest(mesh, at) && versionOf(at.relation).major < 90),
		)!;
		return [{ repository: at.domain, parts: [addVersion(at)] }];
	},
	"version-retired": (draw, mesh) => {
		const old = datasetsOf(mesh).filter(
			(at) => !isNewest(mesh, at) && readersOf(mesh, at).length === 0,
		);
		const at = oneOf(draw, old);
		return at && [{ repository: at.domain, parts: [retire(at)] }];
	},
	"order-added": (draw, mesh) => {
		const customer = pick(draw, mesh.publishers.crm.tables.customers!.rows).customer_id;
		return [{ repository: "sales", parts: [addOrder(draw, mesh, Number(customer))] }];
	},
	"customer-added": (draw, mesh) => {
		const { rows } = mesh.publishers.crm.tables.customers!;
		const id = 1 + Math.max(...rows.map(({ customer_id }) => Number(customer_id)));
		const customer = {
			customer_id: id,
			email: `customer-${id}@example.org`,
			country: pick(draw, ["AT", "CH", "DE"]),
			first_name: "Gina",
			last_name: null,
			segment: pick(draw, ["a", "b"]),
		};
		return [{ repository: "crm", parts: [insertRows("crm", { customers: [customer] })] }];
	},
	"readme-changed": (draw) => {
		const repository = pick(draw, repositoryNames);
		return [{ repository, parts: [readme(repository, freshName(draw, "line"))] }];
	},
	"test-added": (draw, mesh) => {
		const at = oneOf(draw, declaredOf(mesh))!;
		const consumer = pick(draw, consumerNames);
		const query = freshName(draw, "asked");
		const test = countBy(mesh, at);
		return [proposing(consumer, query, test, `by ${at.relation}.${at.column}`)];
	},
	"test-removed": (draw, mesh) => {
		const extra = allTests(mesh).filter(({ test }) => test.shape.kind === "count-by");
		const at = oneOf(draw, extra);
		if (at === null) return null;
		const part = editConsumer(`ask ${at.query} no more`, at.consumer, ({ tests }) => {
			delete tests[at.query];
		});
		return [{ repository: at.consumer, parts: [part] }];
	},
	"expectation-added": (draw, mesh) => {
		const bare = allTests(mesh).filter(({ test }) => !test.expectations.includes("rows-there"));
		const at = oneOf(draw, bare);
		if (at === null) return null;
		const part = editConsumer(`expect rows in ${at.query}`, at.consumer, ({ tests }) => {
			tests[at.query]!.expectations.push("rows-there");
		});
		return [{ repository: at.consumer, parts: [part] }];
	},
	"consumer-moved": (draw, mesh) => {
		const movable = allTests(mesh).flatMap(({ consumer, query, test }) =>
			test.reads.flatMap((read, place) => {
				const to = newest(mesh, read);
				return to === null ? [] : [{ consumer, query, place, to }];
			}),
		);
		const at = oneOf(draw, movable);
		if (at === null) return null;
		const { consumer, query, place, to } = at;
		const part = editConsumer(`read ${to.dataset} in ${query}`, consumer, ({ tests }) => {
			tests[query]!.reads[place] = structuredClone(to);
		});
		return [{ repository: consumer, parts: [part] }];
	},
} satisfies Record<string, Kind>;

function addColumn(draw: Stream, at: DatasetAt, isDeclared: boolean): Part {
	const name = freshName(draw, "extra");
	return editDataset(`add ${name} to`, at, ({ columns }) => {
		columns.push({
			...plain(name, name, "text", { kind: "masked", value: "new" }),
			isDeclared,
		});
	});
}

/** What columns are called in every other version, by what they mean. */
const otherNames: Record<string, string> = {
	revenue: "net_cents",
	sku: "article",
	country: "country_code",
};

/** The next version of a dataset, beside it: one of its columns has another name. */
function addVersion({ domain, relation }: DatasetAt): Part {
	const { base, major } = versionOf(relation);
	const next = `${base}_v${major + 1}`;
	return harmlessPart(`publish ${next} beside ${relation}`, null, ({ publishers }) => {
		const { datasets } = publishers[domain];
		const dataset = structuredClone(datasets[relation]!);
		dataset.version = `${major + 1}.0.0`;
		for (const column of dataset.columns) {
			const other = otherNames[column.meaning];
			if (other !== undefined) column.name = column.name === other ? `${other}_again` : other;
		}
		datasets[next] = dataset;
	});
}

function isNewest(mesh: Mesh, { domain, relation }: DatasetAt): boolean {
	const { base, major } = versionOf(relation);
	return datasetsOf(mesh).every((other) => {
		const its = versionOf(other.relation);
		return other.domain !== domain || its.base !== base || its.major <= major;
	});
}

/** What a test would read in the newest version, where there is one that has all that it reads, made as it was. */
function newest(mesh: Mesh, { alias, dataset, columns }: Read): Read | null {
	const meanings = columns.map(({ meaning }) => meaning);
	const at = datasetsOf(mesh).find((other) => {
		const name = datasetName(other.domain, other.relation);
		return name !== dataset && isNewest(mesh, other) && versionOf(other.relation).base === alias;
	});
	if (at === undefined) return null;
	const name = datasetName(at.domain, at.relation);
	const [now, next] = [publishedAs(mesh, dataset)!, publishedAs(mesh, name)!];
	const madeOf = ({ columns }: typeof now, meaning: string) =>
		JSON.stringify(columns.find((one) => one.meaning === meaning && one.isDeclared)?.making);
	const isSame = meanings.every((meaning) => madeOf(now, meaning) === madeOf(next, meaning));
	return isSame ? readOf(mesh, alias, name, meanings) : null;
}

/** Whether a customer has ordered nothing. */
export function isLonely({ publishers }: Mesh, id: number): boolean {
	return publishers.sales.tables.orders!.rows.every(({ customer_id }) => customer_id !== id);
}

/** An order of two lines. */
export function addOrder(draw: Stream, { publishers }: Mesh, customer: number): Part {
	const { orders } = publishers.sales.tables;
	const id = 1 + Math.max(...orders!.rows.map(({ order_id }) => Number(order_id)));
	const items = [1, 2].map((line_no) => ({
		order_id: id,
		line_no,
		sku: `SKU-${line_no}`,
		quantity: 1 + Math.floor(draw() * 5),
		unit_cents: 250,
	}));
	const order: Row = {
		order_id: id,
		customer_id: customer,
		status: pick(draw, statuses),
		placed_on: "2026-02-01",
		total_cents: items.reduce((sum, item) => sum + item.quantity * item.unit_cents, 0),
		note: null,
		channel: null,
	};
	return insertRows("sales", { orders: [order], order_items: items });
}

function insertRows(domain: (typeof domains)[number], rows: Record<string, Row[]>): Part {
	const all = Object.entries(rows);
	return harmlessPart(
		`add ${all.map(([table, some]) => `${some.length} to ${table}`).join(" and ")}`,
		all.map(([table, some]) => insertSql(table, some)).join("\n"),
		({ publishers }) => {
			const tables: Record<string, Table> = publishers[domain].tables;
			for (const [table, some] of all) tables[table]!.rows.push(...structuredClone(some));
		},
	);
}
