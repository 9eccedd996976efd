import { folderPlace, type Place } from "./place.ts";
import { type LakeS3, s3Place } from "./s3-place.ts";

/** By what somebody says where they are: a folder, or `http://KEY:SECRET@HOST:PORT/BUCKET` of an S3 server. */
export function placeAt(where: string, clientOf: (url: string) => LakeS3): Place {
	if (!/^https?:\/\//.test(where)) return folderPlace(where);
	const url = new URL(where);
	const bucket = url.pathname.replace(/^\/+/, "");
	url.pathname = "";
	return s3Place(clientOf(url.href), bucket);
}
