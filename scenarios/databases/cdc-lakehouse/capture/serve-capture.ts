import { serve } from "faultline/subject";
import type { Capture } from "./capture.ts";

/** What a consumer says over HTTP: how far it is, and when a vacuum that it was asked for is done. */
export function serveCapture(capture: Capture): ReturnType<typeof serve> {
	return serve({
		"GET /": () => ({ folder: process.cwd(), lsn: capture.lsn }),
		"POST /vacuum": async () => ({ deletedCount: await capture.vacuum(0) }),
	});
}
