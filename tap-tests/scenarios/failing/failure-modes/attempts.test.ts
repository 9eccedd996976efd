import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import {
	AttemptLog,
	countAttempts,
} from "../../../../scenarios/failing/failure-modes/pipeline/attempts.ts";

t.test("tries are noted for a reader that comes later, and by a process that comes again", (t) => {
	const file = join(t.testdir(), "attempts.log");
	const first = new AttemptLog(file);
	first.note(1, "extract");
	first.note(1, "load");
	t.same(countAttempts(readFileSync(file, "utf8")), {
		made: 2,
		needed: 2,
		publish: 0,
		taken: 0,
	});
	first.close();
	const second = new AttemptLog(file);
	second.note(1, "load");
	second.note(1, "publish");
	second.note(11, "publish");
	second.note(1, "publish");
	second.noteTaken(1);
	second.close();
	t.same(countAttempts(readFileSync(file, "utf8")), {
		made: 6,
		needed: 4,
		publish: 3,
		taken: 1,
	});
	t.end();
});

t.test("a line that was half written is no try", (t) => {
	t.same(countAttempts("1 extract\n1 lo"), { made: 1, needed: 1, publish: 0, taken: 0 });
	t.same(countAttempts(""), { made: 0, needed: 0, publish: 0, taken: 0 });
	t.end();
});
