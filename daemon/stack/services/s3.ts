import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { patience } from "../../../base/clock.ts";
import type { Endpoint } from "../../../base/endpoint.ts";
import { S3Client, textsOf } from "../../../base/s3-client.ts";
import { type Cache, cached, fetchOnce, type Parcel } from "../../tools/cache.ts";
import { missing } from "../../tools/component.ts";
import { onPath } from "../../tools/program.ts";
import { goInstall } from "../../tools/recipes/go.ts";
import { secretOf } from "../secrets.ts";
import type { Service } from "../service.ts";
import { hostOf, urlOf } from "../urls.ts";

/** The first version of which only one of several conditional puts at once wins (its pull request #2288). */
const version = "1.8.0";
const module = `github.com/versity/versitygw/cmd/versitygw@v${version}`;
const program = "versitygw";
const parcel: Parcel = {
	name: `versitygw-${version}`,
	what: `versitygw ${version}`,
	why: "an S3 server that keeps objects as files",
	from: "the Go module proxy",
	sizeMb: 85,
	typicalSeconds: 120,
};
const fix = "install Go 1.25 or later (https://go.dev/dl)";
const accessKey = "faultline";

/** An S3 server on files: objects, conditional puts, parts, versions. Buckets of a run begin with its `bucketPrefix`. */
const s3: Service = {
	ports: ["direct"],
	proxiedPort: null,
	readyLimitMs: 15_000,
	memoryMb: 150,
	stop: { signal: "SIGTERM", graceMs: 2_000 },

	external: () => null,
	endpointAt: (address, home) => ({
		kind: "s3",
		url: `http://${accessKey}:${secretOf(home, "s3")}@${address}`,
	}),
	upstreamOf: (endpoint) => hostOf(urlOf(endpoint), 80),
	cleanRun: (endpoint, { bucketPrefix }) => removeBuckets(endpoint, bucketPrefix),

	async fetch(cache) {
		if (cached(cache, parcel) === null && onPath(cache.env, "go") === null)
			throw missing("go was looked for on the PATH", fix);
		try {
			const build = (draft: string) => goInstall(cache, draft, { module, program });
			const folder = await fetchOnce(cache, parcel, build);
			return { version, source: module, path: join(folder, program) };
		} catch (error) {
			throw missing(`go install ${module}`, fix, error);
		}
	},

	survey(cache: Cache) {
		const folder = cached(cache, parcel);
		if (folder !== null) return { state: "found", version, source: folder };
		if (onPath(cache.env, "go") !== null) return { state: "fetchable", version, source: module };
		return { state: "missing", tried: "go on the PATH", fix };
	},

	async prepare({ home, component, ports }) {
		const folder = home.data("s3");
		const [buckets, versions] = [join(folder, "buckets"), join(folder, "versions")];
		for (const each of [buckets, versions]) mkdirSync(each, { recursive: true, mode: 0o700 });
		return {
			file: component.path,
			args: [
				"--port",
				`127.0.0.1:${ports.direct}`,
				"--quiet",
				"posix",
				"--versioning-dir",
				versions,
				buckets,
			],
			variables: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretOf(home, "s3") },
			folder,
			configuration: "",
			user: null,
			staleFiles: [],
			beforeStart: null,
		};
	},

	async probe(endpoint, limitMs) {
		await withClient(endpoint, async (client) => {
			const signal = patience(limitMs);
			const { status, body } = await client.request({ method: "GET", signal });
			if (status !== 200) throw new Error(`it answers ${status} ${textsOf(body, "Code")}`);
		});
		return null;
	},
};

/** Removes the buckets whose names begin so, with all versions of all that is in them, and uploads that were not ended. */
async function removeBuckets(endpoint: Endpoint, prefix: string): Promise<void> {
	await withClient(endpoint, async (client) => {
		const { body } = await client.request({ method: "GET" });
		const buckets = textsOf(body, "Name").filter((name) => name.startsWith(prefix));
		for (const bucket of buckets) {
			await endUploads(client, bucket);
			await empty(client, bucket);
			await expect(client.request({ method: "DELETE", bucket }), `bucket ${bucket}`);
		}
	});
}

async function empty(client: S3Client, bucket: string): Promise<void> {
	for (;;) {
		const { body } = await client.request({ method: "GET", bucket, query: { versions: "" } });
		const [keys, ids] = [textsOf(body, "Key"), textsOf(body, "VersionId")];
		if (keys.length === 0) return;
		for (const [i, key] of keys.entries()) {
			const versionId = ids[i];
			const query: Record<string, string> = versionId === undefined ? {} : { versionId };
			await expect(client.request({ method: "DELETE", bucket, key, query }), `object ${key}`);
		}
	}
}

async function endUploads(client: S3Client, bucket: string): Promise<void> {
	const { body } = await client.request({ method: "GET", bucket, query: { uploads: "" } });
	const [keys, ids] = [textsOf(body, "Key"), textsOf(body, "UploadId")];
	for (const [i, key] of keys.entries()) {
		const query = { uploadId: ids[i]! };
		await expect(client.request({ method: "DELETE", bucket, key, query }), `upload of ${key}`);
	}
}

/** What is gone already is as good as removed. */
async function expect(asked: ReturnType<S3Client["request"]>, what: string): Promise<void> {
	const { status, body } = await asked;
	if (status >= 300 && status !== 404)
		throw new Error(`${what} could not be removed: ${status} ${textsOf(body, "Code")}`);
}

async function withClient(
	endpoint: Endpoint,
	act: (client: S3Client) => Promise<void>,
): Promise<void> {
	const client = new S3Client(urlOf(endpoint));
	try {
		await act(client);
	} finally {
		client.close();
	}
}

export default s3;
