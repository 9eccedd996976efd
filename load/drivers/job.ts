import { FaultlineError } from "../../base/errors.ts";
import type { Driver } from "../driver.ts";
import { OperationError } from "../outcome.ts";
import { HttpClient } from "../wire/http-client.ts";

declare module "../driver.ts" {
	interface DriverClients {
		job: JobClient;
	}
}

/** What one start of a job adds to its command. */
export interface JobOrder {
	args?: string[];
	env?: Record<string, string>;
	stdin?: string;
}

/** How a job ended. */
export interface JobResult {
	/** Null where a signal ended it. */
	exitCode: number | null;
	signal: string | null;
	/** Standard output and error as they came; of a long one the last 256 KiB. */
	output: string;
	tookMs: number;
	/** Its own limit was reached, and ended it. */
	limitReached: boolean;
}

/** Starts a job of the plan, and waits for its end. */
export class JobClient {
	/** Orders sent. */
	get attempts(): number {
		return this.#http.attempts;
	}
	readonly #http: HttpClient;

	constructor(http: HttpClient) {
		this.#http = http;
	}

	/**
	 * One run of it; `signal` ends it where nobody waits any more. A program that can't be started is `fail`; where who
	 * started it is gone in the middle of it, it may have done anything, and the operation is `unknown`.
	 */
	async run(order: JobOrder, signal: AbortSignal): Promise<JobResult> {
		const response = await this.#http.request({
			method: "POST",
			path: "/run",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(order),
			signal,
		});
		const said = JSON.parse(response.body.toString()) as JobResult & { error?: string };
		if (response.status !== 200)
			throw new OperationError("fail", "job_not_started", said.error ?? `http ${response.status}`);
		return said;
	}

	close(): void {
		this.#http.close();
	}
}

export default {
	speaks: ["http"],
	async open(at, { connections, signal }) {
		if (at.kind !== "http")
			throw new FaultlineError(
				"FLT_PLAN_INVALID",
				`the job driver can't start anything at ${at.kind}`,
				"name a path that leads to one of the plan's jobs",
			);
		const http = new HttpClient(new URL(at.url), connections);
		await http.open(signal);
		return new JobClient(http);
	},
	async close(client) {
		client.close();
	},
	classify: () => null,
	repeat() {
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			"the job driver can't repeat an operation",
			"write the operation as a function",
		);
	},
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<JobClient>;
