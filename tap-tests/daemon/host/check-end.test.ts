import t from "tap";
import { ended, wordOf } from "../../../daemon/host/check-end.ts";

t.test("only what can't be told is open, by what was seen unless something else opened it", (t) => {
	t.same(
		[ended("held"), ended("failed"), ended("threw"), ended("cannot_tell")],
		[
			{ outcome: "held", ok: true, openBy: null },
			{ outcome: "failed", ok: false, openBy: null },
			{ outcome: "threw", ok: null, openBy: null },
			{ outcome: "cannot_tell", ok: null, openBy: "data" },
		],
	);
	t.equal(ended("cannot_tell", "others").openBy, "others");
	t.equal(ended("held", "others").openBy, null);
	t.end();
});

t.test("each end has its word in tables", (t) => {
	t.same((["held", "failed", "threw", "cannot_tell"] as const).map(wordOf), [
		"ok",
		"FAILED",
		"threw",
		"can't tell",
	]);
	t.end();
});
