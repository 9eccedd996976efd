import t from "tap";
import { liveDaemon } from "../daemon.ts";
import { everyFault } from "./every-fault.ts";

t.test("each kind that is told to a Redis server does the same", async (t) =>
	everyFault(t, await liveDaemon(t, { flags: ["--services", "redis"] }), "kinds-redis"),
);
