import type { SubjectSpec } from "faultline";
import type { Engine, EnginePaths } from "./engine.ts";
import type { EngineName } from "./engine-names.ts";
import { debezium } from "./engines/debezium.ts";
import { node } from "./engines/node.ts";
import { publication } from "./names.ts";
import type { P } from "./params.ts";

export const engines: Record<EngineName, Engine> = { node, debezium };

export type RunPaths = EnginePaths & { readonly store: "s3" };

/** The ways that it takes beside the one to the source. */
export function pathsOf({ engine, store }: P): Partial<RunPaths> {
	return { ...engines[engine].paths, ...(store === "s3" && { store: "s3" }) };
}

/** The consumer of a run, which is what is broken. */
export function consumerOf(p: P): SubjectSpec {
	const { file, env } = engines[p.engine];
	return {
		file,
		env: {
			GUARD: p.guard,
			PUBLICATION: publication,
			BUCKETS: p.buckets,
			FILES_MAX: p.filesMax,
			CHECKPOINT_EVERY: p.checkpointEvery,
			BATCH_CHANGES_MAX: p.batchChangesMax,
			LINGER_MS: p.lingerMs,
			RETENTION_MS: p.retentionMs,
			VACUUM_EVERY_MS: p.vacuumEveryMs,
			// The scenario kills processes and not the machine.
			SYNC: "off",
			STORE: p.store,
			...env(p),
		},
	};
}
