import { buildSchema, builtMarts } from "./build-schemas.ts";
import { digestSql, martNames } from "./marts.ts";

// Write, audit, publish: dbt builds into schemas that no consumer reads, and what the gate lets pass takes the place of
// what they read by renaming it, in one transaction.

/** What consumers read. */
export const martSchema = "marts";
/** As in `dbt/profiles.yml`. */
const dbtApplication = "dbt-shop";

const publications = "gatekeeper.publications";

/** Makes the list of publications; nothing is published yet. */
export function publicationsSql(): string[] {
	return [
		"create schema gatekeeper",
		`create table ${publications} (
			number serial primary key,
			trial integer unique not null,
			digests text not null
		)`,
	];
}

/**
 * Ends the sessions of a dbt that is gone, and waits until they are: a killed client's last statement goes on in the
 * server, and must not come after what the next try begins with.
 */
export const fenceSql = `select pg_terminate_backend(pid, 10000) from pg_stat_activity
	where datname = current_database() and application_name = '${dbtApplication}' and pid <> pg_backend_pid()`;

/** Removes what a try has built, finished or not. */
export function clearBuildSql(): string[] {
	return [buildSchema, builtMarts].map((schema) => `drop schema if exists ${schema} cascade`);
}

/** Whether a trial's marts are published, as `published`: a transaction whose end nobody has seen may have done it. */
export function isPublishedSql(trial: number): string {
	return `select exists (select from ${publications} where trial = ${trial}) as published`;
}

/**
 * Statements that publish what was built, for one transaction. The old marts are locked in the order in which readers open
 * them, so that a reader's statement sees all of the old ones or all of the new ones, and neither waits for the other twice.
 */
export function publishSql(trial: number): string[] {
	const tables = martNames.map((name) => `${martSchema}.${name}`).join(", ");
	return [
		`do $$ begin
			if to_regnamespace('${martSchema}') is not null then lock table ${tables} in access exclusive mode; end if;
		end $$`,
		`insert into ${publications} (trial, digests) ${digestsSql(builtMarts, `${trial}, `)}`,
		`drop schema if exists ${martSchema} cascade`,
		`alter schema ${builtMarts} rename to ${martSchema}`,
	];
}

/** One row, the digests of a schema's marts as one text, in `digests`; `before` are columns before it. */
export function digestsSql(schema: string, before = ""): string {
	return `select ${before}${martNames.map((name) => `marts.${name}`).join(" || ',' || ")} as digests
		from (${digestSql(schema)}) as marts`;
}

/** How many publications there were, as `count`. */
export const publicationsCountSql = `select count(*)::integer as count from ${publications}`;

/** What was published, by `trial`, with its `digests`. */
export const publishedSql = `select trial, digests from ${publications} order by number`;
