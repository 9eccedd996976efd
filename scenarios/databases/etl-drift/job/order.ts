import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { connectPostgres } from "faultline/subject";
import type { Answer, Rules } from "./mapping.ts";
import type { Query } from "./shape.ts";

/** What a run of the job is asked to do. */
export interface Order {
	batch: number;
	sourceUrl: string;
	targetUrl: string;
	rules: Rules;
	answers: Answer[];
}

export const usage =
	"etl.ts --batch N --source postgres://… --target postgres://… [--mapping FILE] [--answers JSON]; the URLs may stand in SOURCE_URL and TARGET_URL";

/** Throws what is wrong with the command line, and what is right. */
export function readOrder(args: string[], env: NodeJS.ProcessEnv): Order {
	const { values } = parseArgs({
		args,
		options: {
			batch: { type: "string" },
			source: { type: "string" },
			target: { type: "string" },
			mapping: { type: "string" },
			answers: { type: "string" },
		},
	});
	const batch = Number(values.batch);
	if (!Number.isSafeInteger(batch) || batch < 1)
		throw new Error(`--batch is a whole number from 1, and not "${values.batch ?? ""}": ${usage}`);
	const url = (name: "source" | "target") => {
		const given = values[name] ?? env[`${name.toUpperCase()}_URL`];
		if (given === undefined) throw new Error(`--${name} is missing: ${usage}`);
		return given;
	};
	const mapping = values.mapping ?? new URL("mapping.json", import.meta.url);
	return {
		batch,
		sourceUrl: url("source"),
		targetUrl: url("target"),
		rules: JSON.parse(readFileSync(mapping, "utf8")),
		answers: JSON.parse(values.answers ?? "[]"),
	};
}

/** Runs `action` with so many connections, whose texts are the same whoever's settings they have, and closes them. */
export async function withConnections<T>(
	urls: readonly string[],
	action: (...queries: Query[]) => Promise<T>,
): Promise<T> {
	const clients = await Promise.all(urls.map((url) => connectPostgres(url)));
	try {
		for (const client of clients) await client.query("set timezone = 'UTC'; set datestyle = 'ISO'");
		return await action(
			...clients.map(
				(client): Query =>
					(text, values) =>
						client.query(text, values),
			),
		);
	} finally {
		await Promise.allSettled(clients.map((client) => client.end()));
	}
}
