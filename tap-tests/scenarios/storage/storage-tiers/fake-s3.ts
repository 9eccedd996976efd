import { createHash } from "node:crypto";
import type {
	S3,
	S3Answer,
	S3Request,
} from "../../../../scenarios/storage/storage-tiers/s3-store.ts";

const pageMax = 3;

/** As much of an S3 server as a store of tiers asks of one; small pages, so that lists have some. */
export class FakeS3 implements S3 {
	readonly buckets = new Map<string, Map<string, Buffer>>();
	/** Asked before each request; what it throws is the connection's failure. */
	onRequest: (request: S3Request) => void = () => {};
	/** The request is done, and its answer lost. */
	afterRequest: (request: S3Request) => void = () => {};

	constructor(names: readonly string[]) {
		for (const name of names) this.buckets.set(name, new Map());
	}

	/** This request gets no answer, and arrives only after so many that came later. */
	late: { request: number; by: number } | null = null;
	#count = 0;
	#arrives: { after: number; asked: S3Request } | null = null;

	async request(asked: S3Request): Promise<S3Answer> {
		this.#count += 1;
		if (this.#arrives !== null && this.#count >= this.#arrives.after) {
			this.#answer(this.#arrives.asked);
			this.#arrives = null;
		}
		if (this.late?.request === this.#count) {
			this.#arrives = { after: this.#count + this.late.by, asked };
			throw new Error("connection reset");
		}
		this.onRequest(asked);
		const answer = this.#answer(asked);
		this.afterRequest(asked);
		return answer;
	}

	#answer({ method, bucket, key, query, headers, body }: S3Request): S3Answer {
		const objects = this.buckets.get(bucket);
		if (objects === undefined) return answered(404, "<Error><Code>NoSuchBucket</Code></Error>");
		if (key === undefined) {
			const after = query?.["start-after"] ?? "";
			const keys = [...objects.keys()].sort().filter((name) => name > after);
			const page = keys.slice(0, pageMax).map((name) => `<Contents><Key>${name}</Key></Contents>`);
			const more = keys.length > pageMax;
			return answered(200, `<R><IsTruncated>${more}</IsTruncated>${page.join("")}</R>`);
		}
		const there = objects.get(key);
		switch (method) {
			case "GET":
			case "HEAD":
				return there === undefined ? answered(404, "<Error/>") : answered(200, there);
			case "DELETE":
				objects.delete(key);
				return answered(204, "");
			case "PUT": {
				const source = headers?.["x-amz-copy-source"];
				const bytes = source === undefined ? Buffer.from(body ?? "") : this.#copied(source);
				if (bytes === undefined) return answered(404, "<Error><Code>NoSuchKey</Code></Error>");
				const matches = headers?.["if-match"];
				const refused =
					(headers?.["if-none-match"] === "*" && there !== undefined) ||
					(matches !== undefined && (there === undefined || etagOf(there) !== matches));
				if (refused) return answered(412, "<Error><Code>PreconditionFailed</Code></Error>");
				objects.set(key, bytes);
				return { ...answered(200, ""), headers: { etag: etagOf(bytes) } };
			}
			default:
				return method satisfies never;
		}
	}

	#copied(source: string): Buffer | undefined {
		const [, bucket, key] = decodeURIComponent(source).split("/");
		return this.buckets.get(bucket!)?.get(key!);
	}
}

function etagOf(bytes: Buffer): string {
	return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function answered(status: number, body: string | Buffer): S3Answer {
	const bytes = Buffer.from(body);
	return { status, headers: { etag: etagOf(bytes) }, body: bytes };
}
