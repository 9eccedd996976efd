import { OperationError, type TransportError } from "../outcome.ts";
import type { RepeatOf } from "../repeat.ts";
import { constantOf, templateOf } from "../template.ts";
import type { Issue, IssuedOperation, Pending } from "../work.ts";
import type { HttpClient } from "./http-client.ts";
import type { Exchange, Kept } from "./http-connection.ts";
import { encodeRequest } from "./http-request.ts";

/** The same request for every operation, or one made from its number. A status of 400 and above fails it. */
export function repeatRequest(
	client: HttpClient,
	{ method, path, headers, body }: RepeatOf<"http">,
	seed: number,
): Issue {
	const noBody = method === "HEAD";
	const encode = (path: string, body: string | null) =>
		encodeRequest(client.base, { method, path, headers, ...(body === null ? {} : { body }) });
	const pathOf = templateOf(path, seed);
	const bodyOf = body === null ? null : templateOf(body, seed);
	const constant = constantOf(path) !== null && (body === null || constantOf(body) !== null);
	const always = constant ? encode(path, body) : null;
	return (operation) => {
		const { n } = operation;
		const request = always ?? encode(pathOf(n), bodyOf === null ? null : bodyOf(n));
		client.start(new Repeated(client, operation, request, noBody));
	};
}

class Repeated implements Exchange, Pending {
	readonly request: string | Buffer;
	readonly noBody: boolean;
	readonly keep = false;
	connection: Exchange["connection"] = null;
	readonly #client: HttpClient;
	readonly #operation: IssuedOperation;

	constructor(
		client: HttpClient,
		operation: IssuedOperation,
		request: string | Buffer,
		noBody: boolean,
	) {
		this.#client = client;
		this.#operation = operation;
		this.request = request;
		this.noBody = noBody;
		operation.pending = this;
	}

	answered(status: number, _: Kept | null, reason: string): void {
		if (status < 400) this.#operation.succeed();
		else this.#operation.fail(refusal(status, reason));
	}

	failed(error: TransportError): void {
		this.#operation.fail(error);
	}

	giveUp(): void {
		this.#client.cancel(this);
	}
}

const refusals = new Map<number, OperationError>();

/** One error for all operations with the same status, as it was first answered: a stack trace for each would cost more than the request. */
function refusal(status: number, reason: string): OperationError {
	const known = refusals.get(status);
	if (known !== undefined) return known;
	const made = new OperationError("fail", `http_${status}`, `${status} ${reason}`);
	refusals.set(status, made);
	return made;
}
