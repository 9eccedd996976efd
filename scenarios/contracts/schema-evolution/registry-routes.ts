import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import type { Routes } from "faultline/subject";
import type { RecordSchema } from "./avro.ts";
import { typeOf } from "./codec.ts";
import { firstSchema } from "./first-schema.ts";
import { subjectOf } from "./proposals.ts";
import type { Entry } from "./registered.ts";
import { type Rule, rules } from "./rules.ts";

/** Why a schema may not become the next version; null where it may. */
export type Judge = (
	rule: Rule,
	versions: readonly RecordSchema[],
	next: RecordSchema,
) => string | null;

/**
 * A schema registry with a subject for each rule, and of Confluent's calls those that are needed here. What it has
 * accepted is in its file before it says so, so that one that was killed goes on where it was.
 */
export class Registry {
	readonly #file: string;
	readonly #judge: Judge;
	readonly #entries: Entry[];

	constructor(file: string, judge: Judge) {
		this.#file = file;
		this.#judge = judge;
		this.#entries = existsSync(file) ? keptIn(file) : [];
		for (const rule of rules)
			if (this.#versionsOf(subjectOf(rule)).length === 0)
				this.register(subjectOf(rule), firstSchema);
	}

	get routes(): Routes {
		return {
			"POST /subjects/:subject/versions": async ({ params, json }) =>
				this.#propose(params.subject!, (await json<{ schema: string }>()).schema),
			"GET /schemas": ({ query }) => {
				const after = Number(query.get("after") ?? 0);
				return this.#entries.filter(({ id }) => id > after);
			},
			"*": () => ({ count: this.#entries.length }),
		};
	}

	register(subject: string, schema: RecordSchema): Entry {
		const version = this.#versionsOf(subject).length + 1;
		const entry: Entry = { id: this.#entries.length + 1, subject, version, schema };
		appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
		this.#entries.push(entry);
		return entry;
	}

	#propose(subject: string, text: string) {
		const rule = rules.find((one) => subjectOf(one) === subject);
		if (rule === undefined) return { status: 404, body: { message: `no subject ${subject}` } };
		let schema: RecordSchema;
		try {
			schema = JSON.parse(text) as RecordSchema;
			typeOf(schema);
		} catch (error) {
			return { status: 422, body: { message: `not a schema: ${String(error)}` } };
		}
		const versions = this.#versionsOf(subject);
		// Who did not hear the answer asks again, and gets the same one. An older schema is a change like any other: whoever
		// rolls back has to be readable too.
		const last = versions.at(-1)!;
		if (JSON.stringify(last.schema) === text) return answer(last);
		const why = this.#judge(
			rule,
			versions.map((entry) => entry.schema),
			schema,
		);
		if (why !== null) return { status: 409, body: { message: why } };
		return answer(this.register(subject, schema));
	}

	#versionsOf(subject: string): Entry[] {
		return this.#entries.filter((entry) => entry.subject === subject);
	}
}

function answer({ id, version }: Entry) {
	return { status: 200, body: { id, version } };
}

/** A last line without its end was torn by the death of its writer, who has told nobody of it: it is cut off. */
function keptIn(file: string): Entry[] {
	const text = readFileSync(file, "utf8");
	const whole = text.slice(0, text.lastIndexOf("\n") + 1);
	if (whole !== text) truncateSync(file, Buffer.byteLength(whole));
	const lines = whole.split("\n").slice(0, -1);
	return lines.map((line) => JSON.parse(line) as Entry);
}
