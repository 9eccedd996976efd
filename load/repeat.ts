/**
 * One operation to be done again and again, as plain data; what it does to a service is the same whichever driver does
 * it. Texts are templates (`template.ts`): they may hold the operation's number and random numbers.
 */
export type Repeat =
	| {
			kind: "http";
			method: string;
			/** Path and query, below the endpoint's URL. */
			path: string;
			/** In their order; a name may come twice. */
			headers: [name: string, value: string][];
			/** Text is a template; bytes, here as Base64, are sent as they are. */
			body: { text: string } | { base64: string } | null;
	  }
	/** Operation n does statement n modulo their number, each in a transaction of its own. */
	| { kind: "postgres"; statements: (Statement | Transaction)[] }
	/** A command with its arguments. */
	| { kind: "redis"; command: string[] }
	| {
			kind: "kafka";
			topic: string;
			/** Length of a message's value, its head of operation number and intended time included. */
			valueBytes: number;
			/** Null spreads messages over the partitions. */
			key: string | null;
			/** The operation ends when the message was consumed, not when it was acknowledged. */
			consume: boolean;
	  };

export interface Statement {
	/** With `$1`, `$2` … for its values; prepared once per connection. */
	text: string;
	/** As text, to which Postgres gives the type that the statement needs; null is NULL. */
	values: (string | null)[];
}

/** Statements that are one operation, on one connection: what begins their transaction, its statements, what ends it. */
export interface Transaction {
	transaction: Statement[];
}

export type RepeatOf<K extends Repeat["kind"]> = Extract<Repeat, { kind: K }>;
