import { codeOf, FaultlineError } from "../../base/errors.ts";
import { S3Client } from "../../base/s3-client.ts";
import type { Driver } from "../driver.ts";

declare module "../driver.ts" {
	interface DriverClients {
		s3: S3Client;
	}
}

/** A request to an S3 server each; whether its answer is a good one, `work` says. */
export default {
	speaks: ["s3"],
	async open(at, { connections, signal }) {
		if (at.kind !== "s3")
			throw new FaultlineError(
				"FLT_PLAN_INVALID",
				`the s3 driver can't speak to a ${at.kind} endpoint`,
				"give its client a path that leads to an S3 server",
			);
		const client = new S3Client(at.url, connections);
		await client.request({ method: "GET", signal });
		client.attempts = 0;
		return client;
	},
	async close(client) {
		client.close();
	},
	classify(error) {
		const code = codeOf(error);
		if (code === null || code === undefined) return null;
		// Nothing was sent where nobody listens.
		return code === "ECONNREFUSED" ? { kind: "fail", code } : { kind: "unknown", code };
	},
	repeat(_client, { kind }) {
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`the s3 driver can't repeat a ${kind} operation`,
			"say in work what is asked of it",
		);
	},
	counters: ({ attempts }) => ({ attempts }),
} satisfies Driver<S3Client>;
