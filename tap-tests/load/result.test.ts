import t from "tap";
import { resultOf, resultText } from "../../load/result.ts";
import { summarize } from "../../load/summary.ts";

t.test("people read each error with what one of them said, the commonest first", async (t) => {
	const summary = {
		...summarize([], { fromMs: 0, toMs: 1000 }),
		...{ due_count: 9, started_count: 9, fail_count: 9 },
		errors: { ERR: 2, http_401: 6, "\x1b[2Jx": 1 },
		error_samples: { http_401: "401 Unauthorized", ERR: "ERR no such thing" },
	};
	const result = resultOf({
		...{ target: "http://h/", driver: "http", objective: null, max: null, cpuS: 1 },
		measured: { summary, reasons: [], intervals: [], startedAt: new Date(0) },
	});
	t.match(result.error_samples, { http_401: "401 Unauthorized" });
	const text = resultText(result);
	t.match(text, /\n +6 http_401 {2}401 Unauthorized\n +2 ERR {2}ERR no such thing\n +1 \[2Jx\n/);
});
