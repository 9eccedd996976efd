import t from "tap";
import { FaultlineError } from "../../base/errors.ts";
import { errorSampler, errorText, printable } from "../../load/error-text.ts";
import { OperationError, TransportError } from "../../load/outcome.ts";

t.test("what is behind an error is said, for it is what somebody can act on", async (t) => {
	const refused = new Error("connect ECONNREFUSED 127.0.0.1:1");
	const rows: [error: unknown, text: string][] = [
		[new TransportError("ECONNREFUSED", false, refused), `${refused.message} (before the request`],
		[new TransportError("ECONNRESET", true, new Error("read ECONNRESET")), "(after the request"],
		[new TransportError("closed", false), "closed before the request was sent"],
		[new OperationError("fail", "http_401", "401 Unauthorized"), "401 Unauthorized"],
		[new FaultlineError("FLT_COMPONENT_MISSING", "no topic", "create it"), "no topic; create it"],
		[new AggregateError([refused, new Error("and this")]), `${refused.message}; and this`],
		["just text", "just text"],
	];
	for (const [error, text] of rows) t.match(errorText(error), text);
});

t.test("an error is one line, short, and nothing in it is obeyed by a terminal", async (t) => {
	t.equal(printable("a\r\n\tb \x1b[31mred\x07\x9b2J \u202eback"), "a b [31mred 2J back");
	const long = printable("x".repeat(5_000));
	t.equal(long, `${"x".repeat(199)}…`);
	t.equal(printable("y".repeat(200)).length, 200, "what fits is whole");
	// Its second half lies behind the cut.
	const cut = printable(`${"x".repeat(198)}😀${"x".repeat(100)}`);
	t.equal(cut, `${"x".repeat(198)}…`);
});

t.test("a secret is masked, one that is known and one that only looks like it", async (t) => {
	const rows: [text: string, masked: string][] = [
		["no such user hunter2", "no such user ***"],
		["at postgres://me:pw@host/db, sir", "at postgres://***@host/db, sir"],
		["redis://:p%40w@host", "redis://***@host"],
		["https://token@host/ and https://host/@user", "https://***@host/ and https://host/@user"],
		['{"access_token":"abc.def","n":1}', '{"access_token":***","n":1}'],
		["password=abc&x=1", "password=***&x=1"],
		["Authorization: Bearer abc", "Authorization: ***"],
		[
			'password authentication failed for user "me"',
			'password authentication failed for user "me"',
		],
	];
	for (const [text, masked] of rows) t.equal(printable(text, ["hunter2"]), masked);
	const huge = `${"password".repeat(200_000)} hunter2`;
	t.notMatch(printable(huge, ["hunter2"]), "hunter2", "and one without end is read to no end");
});

t.test("the sample of a code is what its error said, or why the loop gave up", async (t) => {
	const sampleOf = errorSampler(250, ["hunter2"]);
	t.equal(sampleOf("ERR", new Error("ERR unknown command 'hunter2'")), "ERR unknown command '***'");
	t.equal(sampleOf("deadline", null), "not ended within 250 ms of its start");
	t.equal(sampleOf("stopped", null), "still in flight when the load was over");
	const unspeakable = [new Error(""), Object.create(null), undefined, { toString: () => 7 / 0 }];
	for (const error of unspeakable) t.match(sampleOf("code", error), /^(code|undefined|Infinity)$/);
	const throwing = {
		toString() {
			throw new Error("not me");
		},
	};
	t.equal(sampleOf("code", throwing), "code");
});
