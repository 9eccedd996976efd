/** The only names a run may create things under: the daemon removes all that carries them, however the run ends. */
export interface RunNames {
	/** The run's own Postgres database; the `direct.postgres` URL leads to it. Also the prefix for roles, slots, publications. */
	readonly database: string;
	/** Prefix of Kafka topics, groups and transactional ids. */
	readonly topicPrefix: string;
	/** Prefix of Redis keys. */
	readonly keyPrefix: string;
	/** Prefix of S3 buckets, whose names have at most 63 signs: ten are left. */
	readonly bucketPrefix: string;
}

/** Of a load that is no run's: it may create nothing. */
export const noNames: RunNames = { database: "", topicPrefix: "", keyPrefix: "", bucketPrefix: "" };
