import { pause } from "../../base/clock.ts";
import type { Endpoint } from "../../base/endpoint.ts";
import { askHttp } from "./ask-http.ts";
import { urlOf } from "./urls.ts";

const askLimitMs = 5_000;
const removeLimitMs = 30_000;
/** A task that has not said by then that it has ended is taken to have died with its worker. */
const tasksLimitMs = 10_000;
const againMs = 100;

interface ConnectorStatus {
	connector: { state: string };
	tasks: { state: string }[];
}

/**
 * Removes the connectors whose names begin so, and waits until each is gone: it holds a slot of Postgres till then. Each is
 * stopped first: a task outlives a connector that is taken from it, and makes its topic again behind whoever removes that.
 */
export async function removeConnectors(endpoint: Endpoint, prefix: string): Promise<void> {
	const url = urlOf(endpoint);
	const beganMs = performance.now();
	/** When it answered first: one that was killed has its own time to come back. */
	let answeredMs = Number.POSITIVE_INFINITY;
	for (;;) {
		const { status, body } = await askHttp(url, askLimitMs, { path: "/connectors?expand=status" });
		const own = status === 200 ? statusesIn(body, prefix) : null;
		if (own?.length === 0) return;
		const nowMs = performance.now();
		if (own !== null) answeredMs = Math.min(answeredMs, nowMs);
		// While its group settles a worker refuses: 409.
		for (const [name, status] of own ?? []) {
			const step = stepFor(status, nowMs - answeredMs < tasksLimitMs);
			if (step === null) continue;
			const path = `/connectors/${encodeURIComponent(name)}${step.path}`;
			await askHttp(url, askLimitMs, { method: step.method, path });
		}
		if (nowMs - beganMs > removeLimitMs) {
			const names = own?.map(([name]) => name).join(", ");
			throw new Error(`${names ?? "its connectors"} could not be removed: ${status} ${body}`);
		}
		await pause(againMs);
	}
}

function statusesIn(body: string, prefix: string): [string, ConnectorStatus][] {
	const all = JSON.parse(body) as Record<string, { status: ConnectorStatus }>;
	return Object.entries(all).flatMap(([name, { status }]) =>
		name.startsWith(prefix) ? [[name, status]] : [],
	);
}

/** What brings a connector nearer to its end; null where its tasks are waited for. */
function stepFor({ connector, tasks }: ConnectorStatus, tasksMayEnd: boolean) {
	if (!tasksMayEnd) return { method: "DELETE", path: "" };
	if (connector.state !== "STOPPED") return { method: "PUT", path: "/stop" };
	const ended = tasks.every(({ state }) => state === "UNASSIGNED" || state === "FAILED");
	return ended ? { method: "DELETE", path: "" } : null;
}
