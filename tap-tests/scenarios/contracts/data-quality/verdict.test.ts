import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import {
	errorText,
	ruleId,
	validatorAt,
} from "../../../../scenarios/contracts/data-quality/etl/verdict.ts";

const question = { batch: 7, table: "batch_7_1", day: "2026-01-08", rowCount: 100 };
const tookMs = { validate: 1, page: 2 };
const finding = { columns: ["sku"], rule: "format", detail: "3 of 100 rows, such as 'x'" };

/** A validator that says this of everything. */
async function saying(t: Test, status: number, said: unknown): Promise<string> {
	const server = createServer((_request, response) =>
		response.writeHead(status).end(typeof said === "string" ? said : JSON.stringify(said)),
	);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

t.test(
	"only what passes without a finding, or blocks with one and a page, is a verdict",
	async (t) => {
		const page = "batch-7.html";
		const rows: [status: number, said: unknown, kind: string][] = [
			[200, { verdict: "passed", findings: [], page: null, tookMs }, "passed"],
			[200, { verdict: "blocked", findings: [finding], page, tookMs }, "blocked"],
			[200, { verdict: "blocked", findings: [], page, tookMs }, "none"],
			[200, { verdict: "blocked", findings: [finding], page: null, tookMs }, "none"],
			[200, { verdict: "passed", findings: [finding], page: null, tookMs }, "none"],
			[503, { reason: "the store has not answered" }, "none"],
			[500, { verdict: "passed", findings: [], page: null, tookMs }, "none"],
			[200, "{", "none"],
		];
		for (const [status, said, kind] of rows) {
			const validate = validatorAt(await saying(t, status, said), 1_000);
			t.equal((await validate(question)).kind, kind, JSON.stringify(said));
		}
	},
);

t.test("a validator that is away, or silent, has no verdict", async (t) => {
	t.match(await validatorAt("http://127.0.0.1:1", 500)(question), {
		kind: "none",
		reason: /the validator: /,
	});
	const silent = createServer(() => {});
	await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		silent.closeAllConnections();
		silent.close();
	});
	const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
	t.match(await validatorAt(url, 30)(question), { kind: "none", reason: /Timeout/ });
});

t.test("an error names each rule with its place, and so does its id", (t) => {
	const whole = { columns: [], rule: "row_count", detail: "observed 90" };
	t.equal(
		errorText([finding, whole]),
		"sales.sku: format: 3 of 100 rows, such as 'x'; sales: row_count: observed 90",
	);
	t.same([ruleId(finding), ruleId(whole)], ["sku.format", "row_count"]);
	t.end();
});
