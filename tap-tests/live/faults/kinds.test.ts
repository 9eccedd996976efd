import t from "tap";
import { liveDaemon } from "../daemon.ts";
import { everyFault } from "./every-fault.ts";

const daemon = await liveDaemon(t, { flags: ["--services", "postgres,redis"] });

t.test(
	"each kind takes effect on the path it breaks, is seen there, heals and is seen to be gone",
	(t) => everyFault(t, daemon, "kinds"),
);

t.test("each kind that is told to a Redis server does the same", (t) =>
	everyFault(t, daemon, "kinds-redis"),
);

t.test("each kind that is told to a Postgres server does the same", (t) =>
	everyFault(t, daemon, "kinds-postgres"),
);
