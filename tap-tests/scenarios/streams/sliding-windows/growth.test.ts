import t from "tap";
import {
	exponentOf,
	measure,
} from "../../../../scenarios/streams/sliding-windows/measure-growth.ts";

t.test("windows cost by users and not by purchases; ids cost by purchases", (t) => {
	const byPurchases = [10_000, 20_000, 40_000].map((count) => measure(20, count, 1.5));
	const windows = exponentOf(byPurchases, "count", "windowBytes");
	t.ok(windows > 0 && windows < 0.1, `windows ~ purchases^${windows.toFixed(3)}`);
	const ids = exponentOf(byPurchases, "count", "idsBytes");
	t.ok(ids > 0.7 && ids < 1.1, `ids ~ purchases^${ids.toFixed(3)}`);
	const byUsers = [10, 40].map((users) => measure(users, 1_000 * users, 1.5));
	const users = exponentOf(byUsers, "users", "windowBytes");
	t.ok(users > 0.9 && users < 1.1, `windows ~ users^${users.toFixed(3)}`);
	t.end();
});
