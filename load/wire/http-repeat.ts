import { printable } from "../error-text.ts";
import type { Issue, IssuedOperation, Pending } from "../operation.ts";
import { OperationError, type TransportError } from "../outcome.ts";
import { countRedirect } from "../redirects.ts";
import type { RepeatOf } from "../repeat.ts";
import { constantOf, templateOf } from "../template.ts";
import type { HttpClient } from "./http-client.ts";
import type { Exchange, Kept } from "./http-connection.ts";
import { encodeLines } from "./http-request.ts";
import { isRedirect } from "./http-response.ts";

/** Issues one request for every operation, or makes it from its number. A status of 400 and above fails it; a redirect is counted, and not followed. */
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
	const answers = new Answers(client, `${method} ${path}`);
	return (operation) => {
		client.start(new Repeated(answers, operation, always ?? encode(operation.n), noBody));
	};
}

class Repeated implements Exchange, Pending {
	readonly request: string | Buffer;
	readonly noBody: boolean;
	readonly keep = false;
	connection: Exchange["connection"] = null;
	readonly #answers: Answers;
	readonly #operation: IssuedOperation;

	constructor(
		answers: Answers,
		operation: IssuedOperation,
		request: string | Buffer,
		noBody: boolean,
	) {
		this.#answers = answers;
		this.#operation = operation;
		this.request = request;
		this.noBody = noBody;
		operation.pending = this;
	}

	answered(status: number, _: Kept | null, reason: string): void {
		if (status >= 400) this.#operation.fail(this.#answers.refusal(status, reason));
		else {
			if (isRedirect(status)) this.#answers.redirected(status, reason);
			this.#operation.succeed();
		}
	}

	failed(error: TransportError): void {
		this.#operation.fail(error);
	}

	giveUp(): void {
		this.#answers.client.cancel(this);
	}
}

/** What is kept of answers that are not simply right. */
class Answers {
	readonly client: HttpClient;
	readonly #asked: string;
	readonly #refusals = new Map<number, OperationError>();

	/** `asked`: method and path, as they were given. */
	constructor(client: HttpClient, asked: string) {
		this.client = client;
		this.#asked = printable(asked).slice(0, 100);
	}

	/** One error for all operations with the same status, as it was first answered: a stack trace for each would cost more than the request. */
	refusal(status: number, reason: string): OperationError {
		const known = this.#refusals.get(status);
		if (known !== undefined) return known;
		const said = `${status} ${reason}`.trimEnd();
		const made = new OperationError("fail", `http_${status}`, `${said} to ${this.#asked}`);
		this.#refusals.set(status, made);
		return made;
	}

	redirected(status: number, place: string): void {
		countRedirect(this.client.redirects, status, printable(place));
	}
}
