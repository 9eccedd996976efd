import { appendFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { appendNdjson, readNdjson } from "../../base/ndjson.ts";

t.test("what was appended is read in its order; a torn line is left out", (t) => {
	const file = join(t.testdir(), "lines.ndjson");
	t.same(readNdjson(file), [], "there is none yet");
	appendNdjson(file, { n: 1, text: "a\nb" });
	appendNdjson(file, { n: 2 });
	appendFileSync(file, '{"n":3');
	t.same(readNdjson(file), [{ n: 1, text: "a\nb" }, { n: 2 }]);
	t.end();
});
