import t from "tap";
import { liveDaemon } from "../daemon.ts";
import { everyFault } from "./every-fault.ts";

t.test("each kind around a process is seen, heals and is seen to be gone", async (t) =>
	everyFault(t, await liveDaemon(t, { flags: ["--services", "redis"] }), "kinds-process"),
);
