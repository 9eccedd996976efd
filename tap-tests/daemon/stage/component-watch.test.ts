import t from "tap";
import { type Needed, watchComponents } from "../../../daemon/stage/component-watch.ts";
import type { ToxiproxyClient } from "../../../toxiproxy/client.ts";

const needed: Needed = { services: ["postgres"], proxies: ["run-db"] };
const often = { everyMs: 5 };
const proxies =
	(...names: string[]) =>
	async () =>
		names.map((name) => ({ name }));

/** What is said to be lost. */
function lost(listProxies: () => Promise<unknown>, gone: string | null = null): Promise<string> {
	return new Promise((resolve) => {
		const stack = { lost: () => gone, toxiproxy: { listProxies } as unknown as ToxiproxyClient };
		watchComponents(stack, () => needed, resolve, often);
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

t.test("a Toxiproxy that is silent for a moment, as on a busy machine, is not lost", async (t) => {
	const said: string[] = [];
	const enough = Promise.withResolvers<void>();
	let look = 0;
	const listProxies = async () => {
		if (++look === 6) enough.resolve();
		if (look % 3 === 0) return [{ name: "run-db" }];
		throw new Error("no answer within 2000 ms");
	};
	const stack = { lost: () => null, toxiproxy: { listProxies } as unknown as ToxiproxyClient };
	const stop = watchComponents(
		stack,
		() => needed,
		(what) => said.push(what),
		often,
	);
	await enough.promise;
	stop();
	t.same(said, []);
});

t.test(
	"nothing is said while everything is there, nor of what is seen after the end",
	async (t) => {
		const said: string[] = [];
		const looks = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
		const answer = Promise.withResolvers<{ name: string }[]>();
		let look = 0;
		const listProxies = () => {
			looks[look]?.resolve();
			return look++ === 0 ? Promise.resolve([{ name: "run-db" }]) : answer.promise;
		};
		const stack = { lost: () => null, toxiproxy: { listProxies } as unknown as ToxiproxyClient };
		const stop = watchComponents(
			stack,
			() => needed,
			(what) => said.push(what),
			often,
		);
		await looks[1]!.promise;
		t.same(said, []);
		stop();
		answer.resolve([]);
		await new Promise((resolve) => setImmediate(resolve));
		t.same(said, []);
	},
);
