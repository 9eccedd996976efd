import t from "tap";
import { liveDaemon } from "../daemon.ts";
import { everyFault } from "./every-fault.ts";

t.test(
	"each kind takes effect on the path it breaks, is seen there, heals and is seen to be gone",
	async (t) => everyFault(t, await liveDaemon(t, { flags: ["--services", "postgres"] }), "kinds"),
);
