/** What the stack reads of the daemon's settings. */
export interface StackSettings {
	/** Where components are fetched to. */
	cache: string;
	/** Which of Postgres, Redis and Kafka to have, and of the optional services; Toxiproxy is always wanted. */
	services: readonly string[];
	postgresUrl: string | null;
	redisUrl: string | null;
	/** host:port each, or one URL that says how they are spoken to as well. */
	kafkaBrokers: string[] | null;
	/** How many brokers a native Kafka has: 1, or 3 for `leader-gone`. */
	brokers: number;
	toxiproxyUrl: string | null;
}
