import t from "tap";
import { silenceKnownWarnings } from "../../../daemon/cli/warnings.ts";

t.test("a timer at a time long past warns nobody; other warnings go on", async (t) => {
	const { emitWarning } = process;
	t.teardown(() => {
		process.emitWarning = emitWarning;
	});
	const told: unknown[][] = [];
	process.emitWarning = (...given: unknown[]) => void told.push(given);
	silenceKnownWarnings();
	await new Promise((resolve) => setTimeout(resolve, -5));
	t.same(told, []);
	process.emitWarning("one", "Other");
	process.emitWarning("two", { type: "Other", code: "X" });
	process.emitWarning(new Error("three"));
	t.equal(told.length, 3);
});
