import t from "tap";
import { processorMs } from "../../../../scenarios/databases/window-queries/processor-time.ts";

// What takes the times is held against a real server in `tap-tests/live/scenarios/window-queries-defects.test.ts`.

const detail = [
	"! system usage stats:",
	"!\t0.001250 s user, 0.000250 s system, 0.020892 s elapsed",
	"!\t[0.103205 s user, 0.020345 s system total]",
].join("\n");

t.test("user and system time are the processor's, what has elapsed is not", (t) => {
	t.equal(processorMs({ message: "EXECUTOR STATISTICS", detail }), 1.5);
	t.end();
});

t.test("statistics of planning and all other messages tell nothing of the execution", (t) => {
	t.equal(processorMs({ message: "PLANNER STATISTICS", detail }), null);
	t.equal(processorMs({ message: "EXECUTOR STATISTICS" }), null);
	t.equal(processorMs({ detail }), null);
	t.end();
});
