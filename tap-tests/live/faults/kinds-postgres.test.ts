import t from "tap";
import { everyFault } from "./every-fault.ts";

t.test("each kind that is told to a Postgres server does the same", (t) =>
	everyFault(t, "kinds-postgres", "postgres"),
);
