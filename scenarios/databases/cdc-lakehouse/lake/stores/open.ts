import { S3Client, variable } from "faultline/subject";
import { lakeBucket } from "../../names.ts";
import type { Store } from "../store.ts";
import { filesStore } from "./files.ts";
import { s3Store } from "./s3.ts";

/**
 * Where the environment wants the tables: `STORE=files`, the default, in the folder that the process was started in; `STORE=s3`
 * at `FLT_PATH_STORE`, in a bucket that is there.
 */
export function openStore(): Store {
	const kind = variable("STORE", "files");
	switch (kind) {
		case "files":
			return filesStore(".", { sync: variable("SYNC", "on") === "on" });
		case "s3":
			return s3Store(new S3Client(variable("FLT_PATH_STORE")), bucketOf());
		default:
			throw new Error(`STORE must be files or s3, but is ${JSON.stringify(kind)}`);
	}
}

function bucketOf(): string {
	return process.env.BUCKET ?? lakeBucket(variable("FLT_BUCKET_PREFIX", ""));
}
