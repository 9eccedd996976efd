import t from "tap";
import { monotonicMs } from "../../../../base/clock.ts";
import { Gate } from "../../../../scenarios/streams/backlog-replay/gate.ts";
import { type Given, throughGate } from "../../../../scenarios/streams/backlog-replay/gated.ts";
import {
	type Grant,
	outOfTurnCount,
	peakCount,
} from "../../../../scenarios/streams/backlog-replay/grants.ts";

t.test(
	"what goes through a gate that timers drive is told in its order, and all of it goes",
	async (t) => {
		const given: Given[] = [];
		const gate = new Gate({ safePerSec: 2_000, batch: 10 });
		const through = throughGate(gate, monotonicMs, (one) => given.push(one));
		const all = Array.from({ length: 60 }, async (_, n) => {
			if (n % 3 > 0) return through("replay", 10);
			await new Promise((resolve) => setTimeout(resolve, n));
			return through("live", 1);
		});
		const resolved = await Promise.all(all);
		t.equal(given.length, 60);
		t.same(
			given.map(({ id }) => id).sort((a, b) => a - b),
			resolved.map(({ id }) => id).sort((a, b) => a - b),
		);
		const grants = given.map((one): Grant => ({ is: "granted", ...one }));
		t.ok(grants.every(({ atMs }, place) => place === 0 || atMs >= grants[place - 1]!.atMs));
		t.equal(outOfTurnCount(grants), 0);
		t.ok(peakCount(grants, 1_000) <= 2_040);
	},
);
