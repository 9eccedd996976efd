import { stringify } from "yaml";
import type { Contract } from "../../../subjects/gate/odcs.ts";
import { PythonWorker } from "../../../subjects/python/worker.ts";
import type { Answer, Contracts } from "./answer.ts";

// datacontract-cli, by its own Python API, in a process that stays.

/** What is asked about one contract. */
export interface Question {
	file: string;
	text: string;
	/** The same, and where its tables are: the tool wants that in the contract. */
	placed: string;
	/** The text that it had; null where there was none, or where it is still the same. */
	before: string | null;
}

/** The tool with the database that it looks at: tables are found in a schema of it. */
export class DatacontractCli {
	readonly #at: URL;
	readonly #worker: PythonWorker;

	/** `databaseUrl`: with the user that it comes as. */
	constructor(databaseUrl: string) {
		this.#at = new URL(databaseUrl);
		this.#worker = new PythonWorker({
			name: "datacontract-cli",
			python: "python3",
			program: new URL("worker.py", import.meta.url),
			env: {
				DATACONTRACT_POSTGRES_USERNAME: decodeURIComponent(this.#at.username),
				// It wants one also where the server asks for none.
				DATACONTRACT_POSTGRES_PASSWORD: decodeURIComponent(this.#at.password) || "none",
				// It has no telemetry of its own; what it stands on is told all the same.
				DO_NOT_TRACK: "1",
			},
			limitMs: 120_000,
			failed: (why) =>
				new Error(
					`${why}; the python3 that is first on the PATH has to have it: "faultline stack fetch datacontract-cli" says where that one lies, in env/bin`,
				),
		});
	}

	/** What it says of contracts whose tables are in a schema, and of what they were before. */
	async ask(before: Contracts, after: Contracts, schema: string): Promise<Answer> {
		const questions = questionsOf(before, after, (contract) => this.#placed(contract, schema));
		return JSON.parse(await this.#worker.ask(JSON.stringify(questions))) as Answer;
	}

	close(): void {
		this.#worker.close();
	}

	#placed(contract: Contract, schema: string): object {
		const { hostname, port, pathname } = this.#at;
		const server = {
			server: "scratch",
			type: "postgres",
			host: hostname,
			port: Number(port === "" ? 5432 : port),
			database: decodeURIComponent(pathname.slice(1)),
			schema,
		};
		return { ...contract, servers: [server] };
	}
}

/** One for each contract that there would be. */
export function questionsOf(
	before: Contracts,
	after: Contracts,
	placed: (contract: Contract) => object,
): Question[] {
	return Object.entries(after).map(([file, contract]) => {
		const text = stringify(contract);
		const was = before[file];
		const wasText = was === undefined ? null : stringify(was);
		return {
			file,
			text,
			placed: stringify(placed(contract)),
			before: wasText === text ? null : wasText,
		};
	});
}
