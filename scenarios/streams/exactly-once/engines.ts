import type { Engine } from "./engine.ts";
import type { EngineName } from "./engine-names.ts";
import { flink } from "./engines/flink.ts";
import { node } from "./engines/node.ts";
import { spark } from "./engines/spark.ts";
import type { P } from "./params.ts";

export const engines: Record<EngineName, Engine> = { node, flink, spark };

/** What does the work of a run; a sink that it has no way to write to is refused. */
export function engineOf({ engine, sink }: Pick<P, "engine" | "sink">): Engine {
	const found = engines[engine];
	const { sinks } = found;
	if (!sinks.includes(sink))
		throw new Error(
			`sink=${sink} is nothing that engine=${engine} can write to; there are ${sinks.join(", ")}`,
		);
	return found;
}

/** The processes that do the work, by name. */
export function workersOf(p: P): string[] {
	return Object.keys(engineOf(p).subjects(p));
}
