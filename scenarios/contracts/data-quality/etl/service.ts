import { serve, subjectSteps } from "faultline/subject";
import { withPorts } from "./ports.ts";
import type { Ports, Reach, Taken } from "./take-batch.ts";

/** Takes batches by `POST /batches/7`; what breaks meanwhile is no answer, and the batch is taken once more. */
export function serveLoader(
	take: (batch: number, ports: Ports, reach: Reach) => Promise<Taken>,
): Promise<number> {
	// Where faults may strike; outside of a run nothing does.
	const { reach } = subjectSteps();
	return serve({
		"POST /batches/:batch": async ({ params }) => {
			try {
				return await withPorts((ports) => take(Number(params.batch), ports, reach));
			} catch (error) {
				return { kind: "none", reason: `the loader: ${String(error)}` };
			}
		},
	});
}
