import t from "tap";
import { keepAlive } from "../../../daemon/stack/keep-alive.ts";
import type { ProcessId } from "../../../daemon/stack/service.ts";

function rig() {
	const state = {
		ended: [] as ProcessId[],
		idle: true,
		nowMs: 0,
		fails: false,
		onRestart: () => {},
	};
	const said: string[] = [];
	const restarted: ProcessId[] = [];
	const look = keepAlive({
		stack: {
			ended: () => [...state.ended],
			restart: async (id) => {
				if (state.fails) throw new Error("its port is taken");
				restarted.push(id);
				state.onRestart();
				state.ended = state.ended.filter((one) => one !== id);
			},
		},
		isIdle: () => state.idle,
		between: (work) => work(),
		log: (line) => said.push(line),
		nowMs: () => state.nowMs,
	});
	return { state, said, restarted, look };
}

t.test("a service that has ended by itself is started again, and that is said", async (t) => {
	const { state, said, restarted, look } = rig();
	await look();
	t.same(said, []);
	state.ended = ["toxiproxy"];
	await look();
	t.same(restarted, ["toxiproxy"]);
	t.match(said, [/^toxiproxy has ended, although nobody ended it/, "toxiproxy is up again"]);
});

t.test("while a run or a fault may have ended it, nothing is done", async (t) => {
	const { state, restarted, look } = rig();
	state.ended = ["redis"];
	state.idle = false;
	await look();
	t.same(restarted, []);
	state.idle = true;
	await Promise.all([look(), look()]);
	t.same(restarted, ["redis"], "and then once");
});

t.test("what begins while one is started again keeps the others as they are", async (t) => {
	const { state, restarted, look } = rig();
	state.ended = ["redis", "kafka"];
	state.onRestart = () => {
		state.idle = false;
	};
	await look();
	t.same(restarted, ["redis"]);
});

t.test(
	"one that ends again and again stays away, said once, until somebody starts it",
	async (t) => {
		const { state, said, restarted, look } = rig();
		for (let n = 0; n < 9; n++) {
			state.ended = ["redis"];
			await look();
		}
		t.equal(restarted.length, 3);
		t.equal(said.filter((line) => /3 times within 10 min: it stays away/.test(line)).length, 1);
		state.ended = [];
		state.nowMs += 11 * 60_000;
		await look();
		state.ended = ["redis"];
		await look();
		t.equal(restarted.length, 4);
	},
);

t.test("one that can't be started is named with why", async (t) => {
	const { state, said, look } = rig();
	state.fails = true;
	state.ended = ["kafka"];
	await look();
	t.equal(said.at(-1), "kafka could not be started again: its port is taken");
});
