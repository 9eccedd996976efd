/** What an engine has to be told. */
interface EngineParams {
	readonly guard: string;
	readonly buckets: number;
	readonly filesMax: number;
	readonly batchChangesMax: number;
	readonly lingerMs: number;
	readonly retentionMs: number;
	readonly vacuumEveryMs: number;
}

/** Who captures: of each the process that is broken, under the names that the run gives. */
export const engines = {
	/** Straight from the slot, in one process. */
	node: (p: EngineParams, publication: string) => ({
		file: "./capture/consumer.ts",
		env: {
			GUARD: p.guard,
			PUBLICATION: publication,
			BUCKETS: p.buckets,
			FILES_MAX: p.filesMax,
			BATCH_CHANGES_MAX: p.batchChangesMax,
			LINGER_MS: p.lingerMs,
			RETENTION_MS: p.retentionMs,
			VACUUM_EVERY_MS: p.vacuumEveryMs,
			// The scenario kills processes and not the machine.
			SYNC: "off",
		},
	}),
};
