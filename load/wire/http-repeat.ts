import { OperationError, type TransportError } from "../outcome.ts";
import type { RepeatOf } from "../repeat.ts";
import { constantOf, templateOf } from "../template.ts";
import type { Issue, IssuedOperation, Pending } from "../work.ts";
import type { HttpClient } from "./http-client.ts";
import type { Exchange, Kept } from "./http-connection.ts";
import { encodeLines } from "./http-request.ts";

/** The same request for every operation, or one made from its number. A status of 400 and above fails it. */
export function repeatRequest(
	client: HttpClient,
	{ method, path, headers, body }: RepeatOf<"http">,
	seed: number,
): Issue {
	const noBody = method === "HEAD";
	const textOf = (text: string) => templateOf(text, seed);
	const isText = body !== null && "text" in body;
	const bytes = body === null || isText ? undefined : Buffer.from(body.base64, "base64");
	const pathOf = textOf(path);
	const valuesOf = headers.map(([, value]) => textOf(value));
	const bodyOf = isText ? textOf(body.text) : () => bytes;
	const encode = (n: number) =>
		encodeLines(client.base, {
			method,
			path: pathOf(n),
			body: bodyOf(n),
			lines: headers.map(([name], place) => [name, valuesOf[place]!(n)]),
		});
	const texts = [path, ...headers.map(([, value]) => value), isText ? body.text : ""];
	const always = texts.every((text) => constantOf(text) !== null) ? encode(0) : null;
	return (operation) => {
		client.start(new Repeated(client, operation, always ?? encode(operation.n), noBody));
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
