import type { Store } from "../store.ts";

/** What is asked of an S3 server; a part of what clients of one can be asked. */
export interface S3Request {
	method: "GET" | "PUT" | "DELETE";
	bucket: string;
	key?: string;
	query?: Readonly<Record<string, string>>;
	headers?: Readonly<Record<string, string>>;
	body?: Buffer;
	signal?: AbortSignal;
}

/** A client that signs; any answer resolves. */
export interface S3 {
	request(asked: S3Request): Promise<{ status: number; body: Buffer }>;
}

/** Longest wait for an answer: a batch waits with it. */
const patienceMs = 5_000;

/**
 * Tables in a bucket that is there, each under its name. A version is put on the condition that there is none (`If-None-Match`),
 * which the server decides. Where no answer comes nobody knows whether it was put: that throws, and whoever opens the table
 * anew sees it.
 */
export function s3Store(client: S3, bucket: string): Store {
	const asked = async (request: Omit<S3Request, "bucket" | "signal">, good: readonly number[]) => {
		const signal = AbortSignal.timeout(patienceMs);
		const answer = await client.request({ ...request, bucket, signal });
		if (good.includes(answer.status)) return answer;
		const { method, key = "" } = request;
		const said = answer.body.toString().slice(0, 200);
		throw new Error(`${method} ${bucket}/${key} was answered ${answer.status}: ${said}`);
	};
	return {
		async table(name) {
			const at = (path: string) => `${name}/${path}`;
			const put = async (path: string, bytes: Uint8Array) => {
				await asked({ method: "PUT", key: at(path), body: Buffer.from(bytes) }, [200]);
			};
			return {
				async list(folder, from = "") {
					const prefix = at(folder === "" ? "" : `${folder}/`);
					const names: string[] = [];
					for (let after = from === "" ? "" : prefix + from; ; ) {
						const query = { "list-type": "2", delimiter: "/", prefix, "start-after": after };
						const { body } = await asked({ method: "GET", query }, [200]);
						const text = body.toString();
						// Names of tables and of our own files need no unescaping here.
						const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!);
						names.push(...keys.map((key) => key.slice(prefix.length)));
						if (keys.length === 0 || !/<IsTruncated>true</.test(text)) return names;
						after = keys.at(-1)!;
					}
				},
				read: async (path) => (await asked({ method: "GET", key: at(path) }, [200])).body,
				async readIfThere(path) {
					const { status, body } = await asked({ method: "GET", key: at(path) }, [200, 404]);
					return status === 404 ? null : body;
				},
				write: put,
				replace: put,
				async writeIfAbsent(path, bytes) {
					const headers = { "if-none-match": "*" };
					const request = {
						method: "PUT",
						key: at(path),
						headers,
						body: Buffer.from(bytes),
					} as const;
					const { status } = await asked(request, [200, 409, 412]);
					return status === 200;
				},
				async remove(path) {
					await asked({ method: "DELETE", key: at(path) }, [200, 204, 404]);
				},
			};
		},
	};
}
