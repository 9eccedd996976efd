/** Where a load driver, a hook or a subject connects: a service or a subject, direct or through a path's proxy. */
export type Endpoint =
	| { kind: "postgres"; url: string }
	| { kind: "redis"; url: string }
	| { kind: "kafka"; brokers: string[] }
	| { kind: "http"; url: string };

export type EndpointKind = Endpoint["kind"];
