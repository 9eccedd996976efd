import t from "tap";
import { noDashboardWhy } from "../../../daemon/cli/dashboard.ts";

t.test("where no dashboard can be drawn it is said why", async (t) => {
	const { TERM } = process.env;
	t.teardown(() => {
		if (TERM === undefined) delete process.env.TERM;
		else process.env.TERM = TERM;
	});
	for (const [input, output, term, why] of [
		[true, true, "xterm", null],
		[false, true, "xterm", /needs a terminal$/],
		[true, false, "xterm", /needs a terminal$/],
		[true, true, "dumb", /place its cursor, and TERM is dumb$/],
	] as const) {
		const stdin = t.intercept(process.stdin, "isTTY", { value: input });
		const stdout = t.intercept(process.stdout, "isTTY", { value: output });
		process.env.TERM = term;
		const said = noDashboardWhy();
		stdin.restore();
		stdout.restore();
		t.match(said, why, `${input} ${output} ${term}`);
	}
});
