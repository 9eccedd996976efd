import { NotThere, type Place, type TierStore } from "./store.ts";
import type { PerTier } from "./tiers.ts";

/** What is asked of an S3 server; a part of what clients of one can be asked. */
export interface S3Request {
	method: "GET" | "HEAD" | "PUT" | "DELETE";
	bucket: string;
	key?: string;
	query?: Readonly<Record<string, string>>;
	headers?: Readonly<Record<string, string>>;
	body?: Buffer | string;
	signal?: AbortSignal;
}

export interface S3Answer {
	status: number;
	headers: Readonly<Record<string, string | string[] | undefined>>;
	body: Buffer;
}

/** A client that signs; any answer resolves. */
export interface S3 {
	request(asked: S3Request): Promise<S3Answer>;
}

/** Longest wait for an answer: a request that hangs would hold its object for ever. */
const patienceMs = 5_000;

/** What a request was answered, where that is one of these; else it throws. */
export async function asked(
	s3: S3,
	request: Omit<S3Request, "signal">,
	good: readonly number[],
): Promise<S3Answer> {
	const answer = await s3.request({ ...request, signal: AbortSignal.timeout(patienceMs) });
	if (good.includes(answer.status)) return answer;
	const { method, bucket, key = "" } = request;
	const said = answer.body.toString().slice(0, 200);
	throw new Error(`${method} ${bucket}/${key} was answered ${answer.status}: ${said}`);
}

/** A bucket for each tier, which is there. Copies are made by the server: the bytes do not come here. */
export function s3Store(s3: S3, buckets: PerTier<string>): TierStore {
	const at = ({ tier, name }: Place) => ({ bucket: buckets[tier], key: name });
	return {
		async put(to, bytes) {
			await asked(s3, { method: "PUT", ...at(to), body: Buffer.from(bytes) }, [200]);
		},
		async copy(from, to) {
			const source = `/${buckets[from.tier]}/${encodeURIComponent(from.name)}`;
			const headers = { "x-amz-copy-source": source };
			const answer = await asked(s3, { method: "PUT", ...at(to), headers }, [200, 404]);
			// The status comes before the copy is made: an error can follow it in the body.
			const failed = answer.body.includes("<Error");
			if (answer.status === 404) throw new NotThere(from);
			if (failed) throw new Error(`copying ${from.name} failed: ${answer.body.toString()}`);
		},
		async get(from) {
			const answer = await asked(s3, { method: "GET", ...at(from) }, [200, 404]);
			if (answer.status === 404) throw new NotThere(from);
			return answer.body;
		},
		async remove(from) {
			await asked(s3, { method: "DELETE", ...at(from) }, [200, 204, 404]);
		},
		list: (tier) => keysIn(s3, buckets[tier]),
	};
}

/** All keys of a bucket, however many pages they are. */
export async function keysIn(s3: S3, bucket: string): Promise<string[]> {
	const keys: string[] = [];
	for (;;) {
		const query = { "list-type": "2", "start-after": keys.at(-1) ?? "" };
		const { body } = await asked(s3, { method: "GET", bucket, query }, [200]);
		const text = body.toString();
		// Our own names need no unescaping: letters, digits, hyphens and dots.
		const page = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!);
		keys.push(...page);
		if (page.length === 0 || !/<IsTruncated>true</.test(text)) return keys;
	}
}
