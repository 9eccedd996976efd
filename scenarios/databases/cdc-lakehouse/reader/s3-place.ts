import type { Place } from "./place.ts";

/** As much of a client of S3 as a reader needs. */
export interface LakeS3 {
	request(asked: {
		method: "GET";
		bucket: string;
		key?: string;
		query?: Readonly<Record<string, string>>;
		signal?: AbortSignal;
	}): Promise<{ status: number; body: Buffer }>;
}

const patienceMs = 5_000;

/** In a bucket. */
export function s3Place(client: LakeS3, bucket: string): Place {
	const get = async (asked: { key?: string; query?: Record<string, string> }): Promise<Buffer> => {
		const signal = AbortSignal.timeout(patienceMs);
		const { status, body } = await client.request({ method: "GET", bucket, signal, ...asked });
		if (status === 200) return body;
		throw new Error(`${bucket}/${asked.key ?? ""} is not to be had: ${status}`);
	};
	return {
		async names(folder, after) {
			const prefix = `${folder}/`;
			const names: string[] = [];
			for (let last = after; ; last = names.at(-1)!) {
				const query = { "list-type": "2", prefix, "start-after": prefix + last };
				const page = String(await get({ query }));
				const keys = [...page.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key!);
				names.push(...keys.map((key) => key.slice(prefix.length)));
				if (keys.length === 0 || !page.includes("<IsTruncated>true<"))
					// Of the folder itself, and not of those in it.
					return names.filter((name) => !name.includes("/"));
			}
		},
		read: (path) => get({ key: path }),
	};
}
