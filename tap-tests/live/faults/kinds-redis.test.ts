import t from "tap";
import { everyFault } from "./every-fault.ts";

t.test("each kind that is told to a Redis server does the same", (t) =>
	everyFault(t, "kinds-redis", "redis"),
);
