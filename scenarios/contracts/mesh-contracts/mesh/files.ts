import { stringify } from "yaml";
import type { Contract } from "../../../subjects/gate/odcs.ts";
import { modelSql } from "./makings.ts";
import {
	type Consumer,
	type ConsumerName,
	type ConsumerTest,
	type Domain,
	datasetName,
	isDomain,
	type Mesh,
	type Published,
	type Publisher,
	type RepositoryName,
} from "./mesh.ts";
import { expectationOf, querySql } from "./queries.ts";

/** All that a repository holds, by path. */
export function filesOf(
	{ publishers, consumers }: Mesh,
	repository: RepositoryName,
): Record<string, string> {
	return isDomain(repository)
		? publisherFiles(repository, publishers[repository])
		: consumerFiles(repository, consumers[repository]);
}

const yaml = { lineWidth: 110 };

function publisherFiles(
	domain: Domain,
	{ tables, datasets, models, migrations, others }: Publisher,
): Record<string, string> {
	const all: Record<string, string> = { ...others, ...dbtFiles(domain, Object.keys(tables)) };
	for (const [relation, dataset] of Object.entries(datasets)) {
		all[`contracts/${relation}.odcs.yaml`] = stringify(contractOf(domain, relation, dataset), yaml);
		all[`models/${relation}.sql`] = modelSql(dataset);
	}
	for (const [name, sql] of Object.entries(models)) all[`models/${name}.sql`] = sql;
	for (const [name, sql] of Object.entries(migrations)) all[`migrations/${name}.sql`] = sql;
	return all;
}

/** What makes the models a dbt package: `dbt build` makes views of them, of tables in the schema `raw`. */
function dbtFiles(domain: Domain, tables: readonly string[]): Record<string, string> {
	const sources = {
		version: 2,
		sources: [
			{
				name: "raw",
				schema: "{{ var('raw_schema', 'raw') }}",
				tables: tables.map((name) => ({ name })),
			},
		],
	};
	const project = {
		name: domain,
		version: "1.0.0",
		profile: "mesh",
		"model-paths": ["models"],
		models: { [domain]: { "+materialized": "view" } },
	};
	return {
		"dbt_project.yml": stringify(project, yaml),
		"models/sources.yml": stringify(sources, yaml),
	};
}

function contractOf(
	domain: Domain,
	relation: string,
	{ version, purpose, columns }: Published,
): Contract {
	const declared = columns.filter(({ isDeclared }) => isDeclared);
	const keys = declared.filter(({ isKey }) => isKey);
	return {
		apiVersion: "v3.1.0",
		kind: "DataContract",
		id: datasetName(domain, relation),
		version,
		status: "active",
		description: { purpose },
		schema: [
			{
				name: relation,
				physicalType: "view",
				properties: declared.map((column) => ({
					name: column.name,
					physicalType: column.type,
					required: column.isRequired,
					...(column.isKey
						? { primaryKey: true, primaryKeyPosition: 1 + keys.indexOf(column) }
						: {}),
				})),
			},
		],
	};
}

function consumerFiles(
	consumer: ConsumerName,
	{ tests, others }: Consumer,
): Record<string, string> {
	const all: Record<string, string> = { ...others };
	for (const [query, test] of Object.entries(tests))
		all[`tests/${query}.yaml`] = stringify(testFile(consumer, query, test), yaml);
	return all;
}

function testFile(consumer: ConsumerName, query: string, test: ConsumerTest): object {
	const reads = test.reads.map(({ dataset, columns }, place) => ({
		dataset,
		columns: Object.fromEntries(
			columns
				// The last column of all is used, and not named.
				.slice(0, test.mistake === "hidden-read" && place === 0 ? -1 : undefined)
				.map(({ name, type }) => [name, type]),
		),
	}));
	return {
		consumer,
		query,
		[test.mistake === "misspelt" ? "raeds" : "reads"]: reads,
		sql: querySql(test),
		expect: test.expectations.map((name) => expectationOf(name, test)),
	};
}
