import type {
	S3,
	S3Request,
} from "../../../../scenarios/databases/cdc-lakehouse/lake/stores/s3.ts";

/** As much of an S3 server as a lake needs, in memory, with few keys a page. */
export class MemoryS3 implements S3 {
	readonly objects = new Map<string, Buffer>();
	/** What becomes of the next puts of such keys: they are done, and no answer comes. */
	mute: RegExp | null = null;

	async request({ method, key = "", query = {}, headers = {}, body }: S3Request) {
		switch (method) {
			case "GET":
				return key === "" ? this.#page(query) : this.#object(key);
			case "PUT": {
				if (headers["if-none-match"] === "*" && this.objects.has(key)) return answer(412);
				this.objects.set(key, body!);
				if (this.mute?.test(key)) throw new Error("socket hang up");
				return answer(200);
			}
			case "DELETE":
				this.objects.delete(key);
				return answer(204);
			default:
				return method satisfies never;
		}
	}

	#object(key: string) {
		const body = this.objects.get(key);
		return body === undefined ? answer(404) : answer(200, body);
	}

	#page(query: Readonly<Record<string, string>>) {
		const { prefix = "", delimiter, "start-after": after = "" } = query;
		const all = [...this.objects.keys()].sort().filter((key) => {
			const isDirect = delimiter === undefined || !key.slice(prefix.length).includes(delimiter);
			return key.startsWith(prefix) && key > after && isDirect;
		});
		const keys = all.slice(0, 3).map((key) => `<Contents><Key>${key}</Key></Contents>`);
		const xml = `<R><IsTruncated>${all.length > 3}</IsTruncated>${keys.join("")}</R>`;
		return answer(200, Buffer.from(xml));
	}
}

function answer(status: number, body: Buffer = Buffer.alloc(0)) {
	return { status, body };
}
