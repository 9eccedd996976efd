import t from "tap";
import { randomKills } from "../random-kills.ts";

// `npm run test:crash` does a hundred, over all fixtures and services.
t.test("a daemon killed at random instants leaves nothing broken", (t) =>
	randomKills(t, { kills: 3, seed: 1, fixtures: ["kinds"], services: "postgres" }),
);
