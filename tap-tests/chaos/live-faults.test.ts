import t from "tap";
import { healPending } from "../../chaos/healing.ts";
import { LiveFaults } from "../../chaos/live-faults.ts";
import { rig } from "./fake-target.ts";

const down = { kind: "down", on: "db", params: {}, forMs: 60_000 };

t.test("a fault by hand is in force until it is healed by request", async (t) => {
	const { context, toxiproxy, ledger } = rig(t);
	const faults = new LiveFaults(context);
	const record = await faults.inject(down);
	t.match(record, { kind: "down", on: "db", state: "injected", provedMs: Number });
	t.equal(toxiproxy.proxies.get("p")!.enabled, false);
	t.equal(ledger.pending.length, 1, "it is in the ledger");
	t.same(faults.records, [record]);

	t.match(await faults.heal(record.id), { state: "healed", cleanMs: Number });
	t.equal(toxiproxy.proxies.get("p")!.enabled, true);
	t.same([faults.records, ledger.pending], [[], []]);
	t.equal(await faults.heal(record.id), null, "it is in force no more");
});

t.test("nobody has to heal it: it ends by its time limit", async (t) => {
	const { context, toxiproxy } = rig(t);
	const healed = Promise.withResolvers<void>();
	const onChange = context.onChange;
	context.onChange = (record) => {
		onChange(record);
		if (record.state === "healed") healed.resolve();
	};
	const faults = new LiveFaults(context);
	await faults.inject({ ...down, forMs: 100 });
	await healed.promise;
	while (faults.records.length > 0) await new Promise((resolve) => setImmediate(resolve));
	t.equal(toxiproxy.proxies.get("p")!.enabled, true);
});

t.test(
	"all are healed together, also one that is only being injected; then no more are taken",
	async (t) => {
		const { context, toxiproxy } = rig(t);
		const faults = new LiveFaults(context);
		await faults.inject({ ...down, kind: "latency", params: { latencyMs: 50 } });
		let starting: Promise<unknown> | null = null;
		toxiproxy.before = async (call) => {
			if (call === "disable") await new Promise((resolve) => setImmediate(resolve));
		};
		starting = faults.inject(down);
		const healed = await faults.healAll("end");
		await starting;
		t.same(healed.map(({ kind, state }) => `${kind} ${state}`).sort(), [
			"down healed",
			"latency healed",
		]);
		t.match(toxiproxy.proxies.get("p"), { enabled: true, toxics: [] });
		await t.rejects(faults.inject(down), { code: "FLT_CONFLICT" });
	},
);

t.test(
	"one that could not be healed at its time limit is in force until the ledger has healed it",
	async (t) => {
		const { context, toxiproxy, ledger } = rig(t);
		const failed = Promise.withResolvers<void>();
		const onChange = context.onChange;
		context.onChange = (record) => {
			onChange(record);
			if (record.state === "heal_failed") failed.resolve();
		};
		const faults = new LiveFaults(context);
		const { id } = await faults.inject({ ...down, forMs: 100 });
		toxiproxy.before = async (call) => {
			if (call === "enable") throw new Error("Toxiproxy is away");
		};
		await failed.promise;
		await new Promise((resolve) => setImmediate(resolve));
		t.match(faults.records, [{ id, state: "heal_failed" }], "it is told of");
		t.ok(faults.has(id));
		toxiproxy.before = async () => {};
		t.same(await healPending(context.target, ledger), []);
		t.same(faults.records, []);
		t.notOk(faults.has(id));
	},
);

t.test("what was half injected is taken back at once", async (t) => {
	const { context, toxiproxy, ledger } = rig(t);
	toxiproxy.before = (call) => {
		if (call === "add timeout upstream") throw new Error("the proxy server is away");
	};
	const faults = new LiveFaults(context);
	await t.rejects(faults.inject({ ...down, kind: "timeout" }), /the proxy server is away/);
	t.same(toxiproxy.proxies.get("p")!.toxics, []);
	t.same([faults.records, ledger.pending], [[], []]);
});

t.test("a fault without a sane time limit is refused", async (t) => {
	const faults = new LiveFaults(rig(t).context);
	for (const forMs of [0, 99, 3_600_001, Number.NaN])
		await t.rejects(faults.inject({ ...down, forMs }), { code: "FLT_PARAM_INVALID" }, `${forMs}`);
});
