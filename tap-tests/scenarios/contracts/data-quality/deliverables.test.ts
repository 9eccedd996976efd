import { readFileSync } from "node:fs";
import t from "tap";
import { takenText } from "../../../../scenarios/contracts/data-quality/etl/taken-text.ts";
import { brokenRules } from "../../../../scenarios/contracts/data-quality/oracle/rules.ts";
import {
	sampleDeliveries,
	sampleSql,
} from "../../../../scenarios/contracts/data-quality/sample.ts";

const folder = new URL("../../../../scenarios/contracts/data-quality/", import.meta.url);
const text = (file: string) => readFileSync(new URL(file, folder), "utf8");

t.test(
	"the sample is what the seed makes of it, and fails by what its page and its error say",
	(t) => {
		const again = "node scenarios/contracts/data-quality/sample.ts, and then make-samples.ts";
		t.equal(text("sample/failing.sql"), sampleSql(), again);
		const [sound, failing] = sampleDeliveries();
		t.same(brokenRules(sound!), []);
		const broken = brokenRules(failing!);
		t.ok(broken.length > 4);
		const [first, ...lines] = text("sample/failing.txt").trimEnd().split("\n");
		t.equal(first, "batch 2: in quarantine, see batch-2.html");
		const named = lines.map((line) => /^ {2}sales(?:\.(\w+))?: (\w+): /.exec(line)!);
		t.same(
			named.map(([, column, rule]) => [column, rule].filter(Boolean).join(".")).sort(),
			broken,
		);
		t.equal(text("sample/succeeding.txt"), "batch 1: loaded\n");
		t.end();
	},
);

t.test(
	"a page of the data docs is whole, names what is wrong, runs nothing and loads nothing",
	(t) => {
		const page = text("sample/batch-2.html");
		t.match(page, /<\/html>\s*$/);
		for (const column of ["customer_id", "customer_name", "quantity", "unit_price_cents", "sku"])
			t.match(page, column);
		t.notMatch(page, /<script|<link|<img|<iframe|@import|url\(/i);
		t.end();
	},
);

t.test("every package is locked, with hashes, to what the daemon fetches", (t) => {
	const entries = text("validator/requirements.lock")
		.replaceAll("\\\n", " ")
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("#"));
	t.ok(entries.length > 25);
	for (const entry of entries) t.match(entry, /^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
	const fetched = readFileSync(
		new URL("../../../daemon/tools/locks/great-expectations.txt", folder),
		"utf8",
	);
	const versions = (lock: string) =>
		[...lock.matchAll(/^[\w.-]+==[^\s;]+/gm)].map(([version]) => version);
	const others = versions(text("validator/requirements.lock")).filter(
		(version) => !versions(fetched).includes(version),
	);
	t.same(others, []);
	t.match(text("validator/requirements.in"), /^great-expectations\[postgresql\]==1\.24\.1$/m);
	t.end();
});

t.test("telemetry is off before anything of Great Expectations is loaded", (t) => {
	const serve = text("validator/serve.py");
	const off = serve.indexOf('os.environ["GX_ANALYTICS_ENABLED"] = "false"');
	t.ok(off > 0 && off < serve.indexOf("from validator import"));
	t.match(serve, 'os.environ["DO_NOT_TRACK"] = "1"');
	t.end();
});

t.test("what became of a batch is told in lines", (t) => {
	t.equal(takenText(7, { kind: "loaded", again: true, ms: null }), "batch 7: loaded before");
	t.equal(takenText(7, { kind: "none", reason: "away" }), "batch 7: no verdict: away");
	t.equal(
		takenText(7, { kind: "rejected", again: false, error: "a: b; c: d", page: "p", ms: null }),
		"batch 7: in quarantine, see p\n  a: b\n  c: d",
	);
	t.end();
});
