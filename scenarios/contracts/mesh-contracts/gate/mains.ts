import { pause } from "faultline/subject";
import { main, type RefUpdate } from "../../../subjects/gate/refs.ts";
import { NoVerdict } from "../../../subjects/gate/scratch.ts";

/** What a main holds: the texts of its files, by their paths. */
export interface Main {
	commit: string;
	files: Readonly<Record<string, string>>;
}

/** Where mains are read. */
export interface MainSource {
	/** The commit that the main of a repository is at. */
	commit(repository: string): Promise<string>;
	files(repository: string, commit: string): Promise<Record<string, string>>;
}

/**
 * The mains of a mesh, as a gate sees them that decides about one of them. What it has let pass in one repository counts for the
 * next question about another, although git moves the ref only after it has heard so: two that pass alone and break together
 * would pass both.
 */
export class Mains {
	readonly #source: MainSource;
	readonly #names: readonly string[];
	readonly #landingMs: number;
	/** What a commit holds never changes. */
	readonly #files = new Map<string, Record<string, string>>();
	readonly #landing = new Map<string, { before: string; untilMs: number }>();

	/** `landingMs`: how long a main that was let go on may take until it is where it was let go. */
	constructor(source: MainSource, names: readonly string[], landingMs = 2_000) {
		this.#source = source;
		this.#names = names;
		this.#landingMs = landingMs;
	}

	/** All mains but that of the repository itself. Throws `NoVerdict` where one can't be read. */
	async but(repository: string): Promise<Map<string, Main>> {
		const others = this.#names.filter((name) => name !== repository);
		return new Map(
			await Promise.all(others.map(async (name) => [name, await this.#main(name)] as const)),
		);
	}

	/** Main of a repository was let go on. */
	letPass(repository: string, updates: readonly RefUpdate[]): void {
		for (const { ref, before } of updates)
			if (ref === main)
				this.#landing.set(repository, { before, untilMs: performance.now() + this.#landingMs });
	}

	async #main(name: string): Promise<Main> {
		try {
			const commit = await this.#landed(name);
			const key = `${name} ${commit}`;
			const files = this.#files.get(key) ?? (await this.#source.files(name, commit));
			this.#files.set(key, files);
			return { commit, files };
		} catch (error) {
			const { message, cause } = error instanceof Error ? error : new Error(String(error));
			// What a request broke by is told by its cause alone.
			const why = cause instanceof Error && cause.message !== "" ? cause.message : message;
			throw new NoVerdict(`the repository of ${name} can't be read: ${why}`, { cause: error });
		}
	}

	/** Where it is; one that was let go on is waited for, for as long as git may take to hear of it. */
	async #landed(name: string): Promise<string> {
		for (;;) {
			const commit = await this.#source.commit(name);
			const landing = this.#landing.get(name);
			if (landing === undefined || commit !== landing.before) return commit;
			if (performance.now() > landing.untilMs) {
				this.#landing.delete(name);
				return commit;
			}
			await pause(5);
		}
	}
}

/** The web side of a forge, as `forge/web.ts` serves it. */
export function webSource(url: string, patienceMs: number): MainSource {
	const get = async <T>(path: string): Promise<T> => {
		const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(patienceMs) });
		if (!response.ok) throw new Error(`${path} is answered with ${response.status}`);
		return (await response.json()) as T;
	};
	return {
		commit: async (repository) =>
			(await get<{ commit: string }>(`/repositories/${repository}/main`)).commit,
		files: (repository, commit) => get(`/repositories/${repository}/commits/${commit}`),
	};
}
