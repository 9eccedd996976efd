import { FaultlineError, messageOf } from "../../base/errors.ts";
import type { ErrorBody } from "../api/context.ts";
import type { RunSummary } from "../api/views.ts";
import type { RunDocument } from "../record/document.ts";
import type { RunEvent } from "../record/events.ts";

/** What starting a run answers. */
export interface Started {
	runId: string;
	state: string;
	links: Record<string, string>;
}

/** A client of the HTTP API, as the command line and the dashboard use it: they know no more than curl does. */
export class ApiClient {
	readonly url: string;
	readonly #token: string | null;

	constructor(url: string, token: string | null = null) {
		this.url = url;
		this.#token = token;
	}

	get<T>(path: string): Promise<T> {
		return this.#call("GET", path);
	}

	post<T>(path: string, body?: unknown): Promise<T> {
		return this.#call("POST", path, body);
	}

	delete<T>(path: string): Promise<T> {
		return this.#call("DELETE", path);
	}

	start(scenario: string, params: Record<string, string>): Promise<Started> {
		return this.post(`/scenarios/${encodeURIComponent(scenario)}/start`, params);
	}

	async runs(limit: number): Promise<RunSummary[]> {
		return (await this.get<{ runs: RunSummary[] }>(`/runs?limit=${limit}`)).runs;
	}

	run(runId: string): Promise<RunDocument> {
		return this.get(`/runs/${encodeURIComponent(runId)}`);
	}

	/**
	 * The record of a run's last try, once that has ended, however long it takes; `heard` is told what happens meanwhile.
	 * A call with `wait=true` would be given up by Node's fetch, which hears nothing for five minutes.
	 */
	async finished(runId: string, heard: (event: RunEvent) => void = () => {}): Promise<RunDocument> {
		for await (const event of this.events(runId)) heard(event);
		const document = await this.run(runId);
		const { next } = document.tries;
		return next === null ? document : this.finished(next, heard);
	}

	/** What a call answers that is no JSON, such as a report. */
	async text(path: string): Promise<string> {
		const response = await this.#fetch("GET", path);
		try {
			return await response.text();
		} catch (error) {
			throw this.#gone(error);
		}
	}

	/** A run's events, past and to come; ends with the run, or with `signal`. */
	async *events(runId: string, signal?: AbortSignal): AsyncGenerator<RunEvent> {
		const response = await this.#fetch(
			"GET",
			`/runs/${encodeURIComponent(runId)}/events`,
			undefined,
			signal,
		);
		let rest = "";
		const decoder = new TextDecoder();
		for await (const bytes of this.#heard(response.body ?? [], signal)) {
			const blocks = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
			rest = blocks.pop() ?? "";
			for (const block of blocks) {
				const data = /^data: (.*)$/m.exec(block)?.[1];
				if (data !== undefined) yield JSON.parse(data) as RunEvent;
			}
		}
	}

	async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await this.#fetch(method, path, body);
		try {
			return (await response.json()) as T;
		} catch (error) {
			throw this.#gone(error);
		}
	}

	async *#heard(
		body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
		signal?: AbortSignal,
	): AsyncGenerator<Uint8Array> {
		try {
			yield* body;
		} catch (error) {
			throw signal?.aborted ? error : this.#gone(error);
		}
	}

	/** It answered, and then no more. */
	#gone(error: unknown): FaultlineError {
		return new FaultlineError(
			"FLT_NO_DAEMON",
			`the daemon at ${this.url} went away in the middle of its answer: ${messageOf(error)}`,
			"was it killed? faultline heal takes back its faults, and the next start ends what it had begun",
			error,
		);
	}

	async #fetch(
		method: string,
		path: string,
		body?: unknown,
		signal?: AbortSignal,
	): Promise<Response> {
		let response: Response;
		try {
			response = await fetch(`${this.url}${path}`, {
				method,
				headers: {
					...(body === undefined ? {} : { "content-type": "application/json" }),
					...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
				},
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
				...(signal === undefined ? {} : { signal }),
			});
		} catch (error) {
			if (signal?.aborted) throw error;
			throw new FaultlineError(
				"FLT_NO_DAEMON",
				`no daemon answers at ${this.url}: ${messageOf(error)}`,
				"start one with npm start, or faultline start",
				error,
			);
		}
		if (response.ok) return response;
		const { error } = (await response.json()) as ErrorBody;
		throw new FaultlineError(error.code as FaultlineError["code"], error.message, error.hint);
	}
}
