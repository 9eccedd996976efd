import t from "tap";
import { runAsText } from "../../../daemon/record/run-text.ts";
import { fullReport } from "../report/full-report.ts";

t.test("a run's tables have no column of cases where there are none", (t) => {
	const text = runAsText(fullReport().document);
	t.match(text, /^check +kind +ok +message\nexactly-once +correctness/m);
	t.match(text, /^fault +on +state/m);
	t.end();
});

t.test("in a sweep each line says its case, and what is of all says so", (t) => {
	const { document } = fullReport({}, "key-1k");
	document.checks.push({ ...document.checks[0]!, id: "linear", case: null });
	const text = runAsText(document);
	t.match(text, /^case +check +kind/m);
	t.match(text, /^key-1k +exactly-once/m);
	t.match(text, /^all +linear/m);
	t.match(text, /^case +load +phase/m);
	t.match(text, /^key-1k +timeout/m);
	t.end();
});

t.test("that faults were allowed to break what runs anyhow is a line of it", (t) => {
	const { document } = fullReport();
	t.notMatch(runAsText(document), /allow-destructive/);
	t.match(runAsText({ ...document, allowDestructive: true }), /^ {2}note: faults were allowed/m);
	t.end();
});

t.test("why a run crashed is a line of it", (t) => {
	const { document } = fullReport();
	const message = "Cannot find package 'fast-check'";
	const crashed = { ...document, state: "crashed", verdict: "invalid" } as const;
	const text = runAsText({ ...crashed, reasons: [{ code: "crashed", message }] });
	t.match(
		text,
		/\nstate crashed, verdict invalid .*\n {2}crashed: Cannot find package 'fast-check'\n/,
	);
	t.end();
});
