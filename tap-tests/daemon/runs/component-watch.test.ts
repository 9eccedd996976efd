import t from "tap";
import { type Needed, watchComponents } from "../../../daemon/runs/component-watch.ts";
import type { ToxiproxyClient } from "../../../toxiproxy/client.ts";

const needed: Needed = { services: ["postgres"], proxies: ["run-db"] };
const proxies =
	(...names: string[]) =>
	async () =>
		names.map((name) => ({ name }));

/** What is said to be lost. */
function lost(listProxies: () => Promise<unknown>, gone: string | null = null): Promise<string> {
	return new Promise((resolve) => {
		const stack = { lost: () => gone, toxiproxy: { listProxies } as unknown as ToxiproxyClient };
		watchComponents(stack, () => needed, resolve);
	});
}

t.test(
	"a lost component is named: a service, a Toxiproxy that is silent, one that was restarted",
	async (t) => {
		t.equal(
			await lost(proxies("run-db"), "postgres: its process has ended"),
			"postgres: its process has ended",
		);
		const silent = async () => Promise.reject(new Error("no answer within 2000 ms"));
		t.match(await lost(silent), /^toxiproxy does not answer: no answer within 2000 ms$/);
		t.match(await lost(proxies("other")), /^toxiproxy has forgotten run-db: it was restarted/);
	},
);

t.test("nothing is said while everything is there, nor after the end", async (t) => {
	let looks = 0;
	const said: string[] = [];
	const looked = Promise.withResolvers<void>();
	const listProxies = async () => {
		looks++;
		if (looks === 2) looked.resolve();
		return [{ name: "run-db" }];
	};
	const stack = { lost: () => null, toxiproxy: { listProxies } as unknown as ToxiproxyClient };
	const stop = watchComponents(
		stack,
		() => needed,
		(what) => said.push(what),
	);
	await looked.promise;
	stop();
	t.same(said, []);
});
