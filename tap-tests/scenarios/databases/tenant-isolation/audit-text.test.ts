import t from "tap";
import {
	auditPage,
	auditText,
} from "../../../../scenarios/databases/tenant-isolation/audit-text.ts";

const line = {
	id: "1",
	at: "2026-11-29 12:00:00+00",
	tenant: 7,
	request: "r1",
	statement: "select 1",
};

t.test("the audit as text is a line a statement, whatever is in it", (t) => {
	t.equal(auditText([]), "nothing was asked");
	const text = auditText([line, { ...line, statement: "select\n\u001b[31m'red'" }]);
	t.same(text.split("\n"), [
		"2026-11-29 12:00:00+00  tenant 7  r1  select 1",
		"2026-11-29 12:00:00+00  tenant 7  r1  select\\x0a\\x1b[31m'red'",
	]);
	t.end();
});

t.test("the audit as a page shows what was asked, and runs none of it", (t) => {
	const page = auditPage([{ ...line, statement: "<script>alert('x')</script>" }], 7, '"><b>');
	t.match(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
	t.notMatch(page, /<script>|"><b>/);
	t.end();
});
