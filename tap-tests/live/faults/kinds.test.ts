import t from "tap";
import { everyFault } from "./every-fault.ts";

t.test(
	"each kind takes effect on the path it breaks, is seen there, heals and is seen to be gone",
	(t) => everyFault(t, "kinds", "postgres"),
);
