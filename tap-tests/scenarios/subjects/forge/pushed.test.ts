import t from "tap";
import { pushedOf } from "../../../../scenarios/subjects/forge/pushed.ts";

t.test("a push is what git says of it, and silence is no verdict", (t) => {
	const rows: [code: number, output: string, kind: string, message?: string][] = [
		[0, "Done", "taken"],
		[
			1,
			"remote: contract-gate: blocked: a (b): c  \nremote: contract-gate: blocked: d",
			"blocked",
			"a (b): c; d",
		],
		[
			1,
			"remote: contract-gate: no verdict: the gate is not there; push again",
			"none",
			"the gate is not there; push again",
		],
		[1, "!\tx:y\t[rejected] (non-fast-forward)", "moved"],
		[1, "!\tx:y\t[remote rejected] (failed to update ref)", "moved"],
		[1, "! [remote rejected] main (deletion of the current branch prohibited)", "blocked"],
		[1, "! [remote rejected] a -> b (pre-receive hook declined)", "none"],
		[128, "fatal: unable to connect to 127.0.0.1", "none", "fatal: unable to connect to 127.0.0.1"],
		[-1, "", "none", "git ended with -1"],
	];
	for (const [code, output, kind, message] of rows) {
		const pushed = pushedOf(code, output);
		t.equal(pushed.kind, kind, output);
		if (message !== undefined) t.match(pushed, { message });
	}
	t.end();
});
