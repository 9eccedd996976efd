import t from "tap";
import { serviceIds } from "../../../base/services.ts";
import { loadServices } from "../../../daemon/stack/load-services.ts";
import {
	endpointsFor,
	type RunServices,
	removeNamespace,
} from "../../../daemon/stage/namespace.ts";
import { runNames } from "../../../scenarios/contract/names.ts";

const names = runNames("r-1");
const services = await loadServices();

t.test(
	"what works in other services is removed before them, and a failure keeps nobody from it",
	async (t) => {
		const done: string[] = [];
		for (const id of serviceIds) {
			const service = services.get(id)!;
			const { cleanRun } = service;
			t.teardown(() => Object.assign(service, { cleanRun }));
			service.cleanRun = async () => {
				done.push(`${id} begins`);
				await new Promise(setImmediate);
				if (id === "connect" || id === "redis") throw new Error(`${id} does not answer`);
				done.push(id);
			};
		}
		const up: RunServices = new Map(
			(["postgres", "redis", "kafka", "connect"] as const).map((id) => [
				id,
				{ kind: "http", url: `http://${id}` },
			]),
		);
		const failure = await removeNamespace(up, names).catch((error: AggregateError) => error.errors);
		t.match(failure, [
			{ message: "connect does not answer" },
			{ message: "redis does not answer" },
		]);
		t.equal(done[0], "connect begins");
		t.same(done.slice(-2).sort(), ["kafka", "postgres"]);
	},
);

t.test("a run gets its own part of a service, where there is one", async (t) => {
	const up: RunServices = new Map([
		["postgres", { kind: "postgres", url: "postgres://p:pw@h:1/postgres" }],
		["s3", { kind: "s3", url: "http://k:s@h:2" }],
	]);
	t.same(
		[...(await endpointsFor(up, names)).values()],
		[
			{ kind: "postgres", url: `postgres://p:pw@h:1/${names.database}` },
			{ kind: "s3", url: "http://k:s@h:2" },
		],
	);
});
