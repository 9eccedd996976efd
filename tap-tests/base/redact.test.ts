import t from "tap";
import { redacted, redactUrl } from "../../base/redact.ts";

const rows: [text: string, shown: string, why: string][] = [
	["postgres://me:secret@h:5/d", "postgres://me:***@h:5/d", "a password"],
	["postgres://me@h:5/d", "postgres://me@h:5/d", "a user of a database is no secret"],
	["redis://:sec@ret@h", "redis://:***@h", "a password with an @"],
	["postgres://me:s/e,c@h/d", "postgres://me:***@h/d", "a password with signs of a URL"],
	["redis://secret@h:6379/0", "redis://***@h:6379/0", "a name alone is the password"],
	["https://secret@h/x", "https://***@h/x", "or a token"],
	["u:secret@h:9092", "u:***@h:9092", "no scheme"],
	["u:secret@h", "u:***@h", "no scheme, no port"],
	["u:secret@a:9092,v:geheim@b:9092", "u:***@a:9092,v:***@b:9092", "a list of brokers"],
	["kafka://u:secret@a:9,v:geheim@b:9/topic", "kafka://u:***@a:9,v:***@b:9/topic", "as a URL"],
	["connect postgres://me:secret@h failed", "connect postgres://me:***@h failed", "in a sentence"],
	["two: redis://:a@h and http://b@h", "two: redis://:***@h and http://***@h", "two of them"],
	["http://h/o?X-Amz-Signature=secret&x=1", "http://h/o?X-Amz-Signature=***&x=1", "a signed URL"],
	["http://h/?token=secret&x=1", "http://h/?token=***&x=1", "in a query"],
	[
		"postgres://h/d?user=me&password=secret&x=1",
		"postgres://h/d?user=me&password=***&x=1",
		"in one",
	],
	[
		"http://h/?a=1&X-Api-Key=secret#access_token=s",
		"http://h/?a=1&X-Api-Key=***#access_token=***",
		"of any case",
	],
	["password=secret host=h", "password=*** host=h", "as libpq has it"],
	["http://127.0.0.1:8474", "http://127.0.0.1:8474", "nothing to hide"],
	["a.example:9092,b.example:9092", "a.example:9092,b.example:9092", "brokers"],
	[
		"write to me@example.org at 10:30",
		"write to me@example.org at 10:30",
		"no address of a server",
	],
];

t.test("what is secret in a URL, an address or a query is not shown, and the rest is", (t) => {
	for (const [text, shown, why] of rows) t.equal(redactUrl(text), shown, why);
	t.end();
});

t.test("of data its URLs are shown without what is secret, and all else as it is", (t) => {
	const data = {
		url: "postgres://u:secret@h/db",
		all: ["http://token@h/", { deep: "redis://:secret@h" }],
		note: "key=value",
		ratePerSec: 5,
		none: null,
	};
	t.same(redacted(data), {
		...data,
		url: "postgres://u:***@h/db",
		all: ["http://***@h/", { deep: "redis://:***@h" }],
	});
	t.match(data.url, "secret", "and the data is as it was");
	t.end();
});

t.test("a text as long as a book takes no time", (t) => {
	for (const text of [
		"u:".repeat(50_000),
		"http://".repeat(20_000),
		"@".repeat(100_000),
		"a=".repeat(50_000),
	]) {
		const before = performance.now();
		redactUrl(text);
		t.ok(performance.now() - before < 2_000, text.slice(0, 10));
	}
	t.end();
});
