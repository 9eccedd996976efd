/** What the stack reads of the daemon's settings. */
export interface StackSettings {
	/** Where components are fetched to. */
	cache: string;
	/** Which services to have from the start on; Toxiproxy is always wanted. */
	services: readonly string[];
	postgresUrl: string | null;
	redisUrl: string | null;
	/** host:port each, or one URL that says how they are spoken to as well. */
	kafkaBrokers: string[] | null;
	/** How many brokers a native Kafka has: 1, or 3 for `leader-gone`. */
	brokers: number;
	toxiproxyUrl: string | null;
	/** After how many seconds a service that was started on demand is stopped, where nobody needs it. */
	serviceIdleS: number;
}
