import { fileURLToPath } from "node:url";
import t from "tap";
import { jsonLinesOf, noPython, pythonEnv } from "../../../python.ts";

const program = fileURLToPath(new URL("bounded_calls.py", import.meta.url));

t.test(
	"a call of a library that does not keep to its limit is given up at it",
	{ skip: noPython },
	(t) => {
		const told = jsonLinesOf(program, { env: pythonEnv("scenarios/subjects/streams/spark") });
		t.same(told, [
			7,
			null,
			"ValueError: no such topic",
			"SinkAway: commit did not come back within 0.2 s",
			8,
		]);
		t.end();
	},
);
