import type { Test } from "tap";

/**
 * A test's folder, for one with processes that write into it: it is removed when all teardowns of the test are done. Tap
 * removes a folder before what was said to be torn down after it was made, and who still writes makes that fail.
 */
export function lastingFolder(t: Test, content?: Parameters<Test["testdir"]>[0]): string {
	t.teardown(() => {});
	return t.testdir(content);
}
