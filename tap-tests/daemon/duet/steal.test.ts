import t from "tap";
import { cpuTicks, stealPct } from "../../../daemon/duet/steal.ts";

const stat = (steal: number) => `cpu  100 0 50 800 10 5 5 ${steal} 0 0\ncpu0 1 2 3\n`;

t.test("the share that was stolen between two looks is of the time between them", (t) => {
	const [before, after] = [cpuTicks(() => stat(30)), cpuTicks(() => stat(55))];
	t.same(before, { total: 1_000, steal: 30 });
	t.equal(stealPct(before, after), 100, "nothing else has moved");
	t.equal(stealPct({ total: 0, steal: 0 }, { total: 200, steal: 10 }), 5);
	t.end();
});

t.test("where it can't be known nothing was stolen", (t) => {
	const away = cpuTicks(() => {
		throw new Error("no such file");
	});
	t.equal(away, null);
	t.equal(stealPct(away, away), 0);
	const same = cpuTicks(() => stat(30));
	t.equal(stealPct(same, same), 0);
	t.end();
});
