import t from "tap";
import { codeOf, type ErrorCode, FaultlineError, messageOf } from "../../base/errors.ts";

t.test("each code leaves by its HTTP status and its exit code", (t) => {
	const rows: [code: ErrorCode, status: number, exit: number, why: string][] = [
		["FLT_USAGE", 400, 2, "asked wrongly"],
		["FLT_PARAM_INVALID", 400, 2, "asked wrongly"],
		["FLT_PLAN_INVALID", 400, 2, "asked wrongly"],
		["FLT_NO_PATH", 400, 2, "asked wrongly"],
		["FLT_KIND_UNKNOWN", 400, 2, "asked wrongly"],
		["FLT_SCENARIO_UNKNOWN", 404, 2, "there is none"],
		["FLT_NOT_FOUND", 404, 2, "there is none"],
		["FLT_SCENARIO_BROKEN", 422, 2, "it is there, and wrong"],
		["FLT_SUITE_UNKNOWN", 404, 2, "there is none"],
		["FLT_SUITE_BROKEN", 422, 2, "it is there, and wrong"],
		["FLT_FORBIDDEN", 403, 2, "not from there"],
		["FLT_UNAUTHORIZED", 401, 2, "not without a token"],
		["FLT_METHOD", 405, 2, "not by this method"],
		["FLT_TOO_SLOW", 408, 2, "it did not come in time"],
		["FLT_CONFLICT", 409, 2, "not now"],
		["FLT_TOO_LARGE", 413, 2, "asked for too much"],
		["FLT_MEDIA_TYPE", 415, 2, "not in this form"],
		["FLT_BUSY", 429, 2, "not so many at once"],
		["FLT_COMPONENT_MISSING", 503, 13, "a component is missing"],
		["FLT_COMPONENT_LOST", 503, 12, "a component was there: the run says nothing"],
		["FLT_HEAL_FAILED", 500, 14, "something is still broken"],
		["FLT_HOOK_LIMIT", 500, 10, "the scenario failed"],
		["FLT_HOST_DIED", 500, 10, "the scenario failed"],
		["FLT_INTERNAL", 500, 1, "1 is left to crashes"],
	];
	for (const [code, status, exit, why] of rows) {
		const error = new FaultlineError(code, "seen", "do");
		t.same([error.status, error.exitCode], [status, exit], `${code}: ${why}`);
	}
	t.end();
});

t.test("an error keeps its cause, and has none where none was given", (t) => {
	const cause = new Error("deeper");
	t.equal(new FaultlineError("FLT_INTERNAL", "m", "h", cause).cause, cause);
	t.notOk("cause" in new FaultlineError("FLT_INTERNAL", "m", "h"));
	t.end();
});

t.test("anything thrown has a message, a refused dual-stack connect too", (t) => {
	const refused = new AggregateError([new Error("ECONNREFUSED ::1"), "ECONNREFUSED 127.0.0.1"], "");
	t.equal(messageOf(refused), "ECONNREFUSED ::1; ECONNREFUSED 127.0.0.1");
	t.equal(messageOf(new AggregateError([new Error("a")], "both")), "both");
	t.equal(messageOf("text"), "text");
	t.equal(messageOf(undefined), "undefined");
	t.end();
});

t.test("only a code that is text is one", (t) => {
	t.equal(codeOf(Object.assign(new Error(), { code: "ENOENT" })), "ENOENT");
	for (const thrown of [null, undefined, "ENOENT", new Error("ENOENT"), { code: 5 }])
		t.equal(codeOf(thrown), null, String(thrown));
	t.end();
});

t.test("the message of an error has no secret of a URL, whoever threw it", (t) => {
	const error = new Error("can't connect to postgres://u:secret@h/db and http://h/?token=secret");
	const seen = "can't connect to postgres://u:***@h/db and http://h/?token=***";
	t.equal(messageOf(error), seen);
	t.equal(messageOf(new AggregateError([error, "plain"], "")), `${seen}; plain`);
	t.end();
});
