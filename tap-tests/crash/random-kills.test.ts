import { readdirSync } from "node:fs";
import t from "tap";
import { randomKills } from "../live/random-kills.ts";

const folder = new URL("../fixtures/scenarios/", import.meta.url);
const fixtures = readdirSync(folder)
	.filter((name) => /^kinds.*\.scenario\.ts$/.test(name))
	.map((name) => name.replace(".scenario.ts", ""))
	// It needs three brokers, which take seconds to come back; leader-gone.test.ts kills a daemon under it.
	.filter((name) => name !== "kinds-leader");
const kills = Number(process.env.KILLS ?? 100);

t.setTimeout(0);
t.test(`a daemon killed at ${kills} random instants leaves nothing broken`, (t) =>
	randomKills(t, {
		kills,
		seed: Number(process.env.SEED ?? 1),
		fixtures,
		services: "postgres,redis,kafka",
	}),
);
