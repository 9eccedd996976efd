import { pause } from "faultline/subject";
import { connectorApi, connectorsApi } from "../../../../kit/connect.ts";
import type { TableFiles } from "./table-files.ts";

/** What is noted before a connector is made. It lies in its settings, and so is there exactly as long as the connector is. */
export interface Noted {
	/** From here on the topic has what it sends. */
	offset: number;
	/** The tables' files before its snapshot. */
	files: TableFiles;
}

const notedSetting = "lake.noted";
const patienceMs = 5_000;
const againMs = 500;

/** A connector on Kafka Connect, by its API. */
export class Connector {
	readonly #name: string;
	readonly #settings: Readonly<Record<string, string>>;
	readonly #note: () => Promise<Noted>;
	readonly #ask: ReturnType<typeof connectorApi>;
	readonly #askAll: ReturnType<typeof connectorsApi>;

	constructor(
		{ connectUrl, connector }: { connectUrl: string; connector: string },
		settings: Readonly<Record<string, string>>,
		note: () => Promise<Noted>,
	) {
		this.#name = connector;
		this.#settings = settings;
		this.#note = note;
		this.#ask = connectorApi(connectUrl, connector);
		this.#askAll = connectorsApi(connectUrl);
	}

	/** Makes it where there is none, and starts it again where it has failed. */
	async look(): Promise<void> {
		const signal = AbortSignal.timeout(patienceMs);
		const answer = await this.#ask("/status", { signal });
		if (answer.status === 404) return this.#make(signal);
		if (!answer.ok) return;
		const { connector, tasks } = (await answer.json()) as {
			connector: { state: string };
			tasks: { state: string; trace?: string }[];
		};
		const failed = [connector, ...tasks].filter(({ state }) => state === "FAILED");
		if (failed.length === 0) return;
		console.error(`connector ${this.#name} has failed: ${JSON.stringify(failed)}`);
		await this.#ask("/restart?includeTasks=true&onlyFailed=true", { method: "POST", signal });
	}

	/** What was noted before it was made: null where whoever made it has noted nothing, undefined where nobody knows of it now. */
	async noted(): Promise<Noted | null | undefined> {
		const answer = await this.#ask("/config", { signal: AbortSignal.timeout(patienceMs) });
		if (!answer.ok) return undefined;
		const { [notedSetting]: text } = (await answer.json()) as Record<string, string>;
		return text === undefined ? null : (JSON.parse(text) as Noted);
	}

	/** Removes it, and all that is known of how far it has come. */
	async remove(): Promise<void> {
		await this.#tell("PUT", "/stop", [202, 204, 404]);
		// Offsets are let go of once all of its tasks have stopped; 400 says that they have not.
		while ((await this.#tell("DELETE", "/offsets", [200, 400, 404])) === 400) await pause(againMs);
		await this.#tell("DELETE", "", [204, 404]);
	}

	async #make(signal: AbortSignal): Promise<void> {
		const config = { ...this.#settings, [notedSetting]: JSON.stringify(await this.#note()) };
		const body = JSON.stringify({ name: this.#name, config });
		const made = await this.#askAll("", { method: "POST", body, signal });
		// One that is there, and has no status yet, keeps what was noted before it was made: 409. While its group settles a worker says
		// that of everything, and while it starts it knows of nothing.
		if (!made.ok && made.status !== 409 && made.status !== 404)
			console.error(`connector ${this.#name}: ${made.status} ${await made.text()}`);
	}

	async #tell(method: string, path: string, good: readonly number[]): Promise<number> {
		const answer = await this.#ask(path, { method, signal: AbortSignal.timeout(patienceMs) });
		if (good.includes(answer.status)) return answer.status;
		throw new Error(`${method} ${this.#name}${path}: ${answer.status} ${await answer.text()}`);
	}
}
