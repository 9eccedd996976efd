import t from "tap";
import type { RunNames } from "../../base/run-names.ts";
import type { Clients } from "../../load/clients.ts";
import { issueOf } from "../../load/issue.ts";
import type { IssuedOperation } from "../../load/operation.ts";

const names: RunNames = {
	database: "flt_1",
	topicPrefix: "flt.1.",
	keyPrefix: "flt:1:",
	bucketPrefix: "flt-1-",
};
const clients = { byName: { log: "a client" } } as unknown as Clients;

const issued = (ended: unknown[]): IssuedOperation => ({
	n: 7,
	phase: "steady",
	intendedMs: 0,
	intendedAtMs: 0,
	signal: new AbortController().signal,
	pending: null,
	succeed: (receipt) => void ended.push(receipt),
	fail: (error) => void ended.push(error),
});

t.test("work is given its clients, the operation and the names of the run", async (t) => {
	const ended: unknown[] = [];
	const work = async (own: object, { n }: { n: number }, { topicPrefix }: RunNames) =>
		`${JSON.stringify(own)} ${n} ${topicPrefix}orders`;
	(await issueOf(work, clients, names, 1))(issued(ended));
	await new Promise(setImmediate);
	t.same(ended, ['{"log":"a client"} 7 flt.1.orders']);
});

t.test("work that issues is asked once, and given the same", async (t) => {
	const ended: unknown[] = [];
	let asked = 0;
	const issue = await issueOf(
		{
			issue: (own, { keyPrefix }) => {
				asked++;
				return ({ n, succeed }) => succeed(`${JSON.stringify(own)} ${keyPrefix}${n}`);
			},
		},
		clients,
		names,
		1,
	);
	for (let i = 0; i < 2; i++) issue(issued(ended));
	t.equal(asked, 1);
	t.same(ended, ['{"log":"a client"} flt:1:7', '{"log":"a client"} flt:1:7']);
});
