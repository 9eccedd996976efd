import { identify } from "../../base/process.ts";
import type { Undo } from "../../chaos/fault.ts";
import { loadKind } from "../../chaos/kinds.ts";
import type { Target } from "../../chaos/target.ts";

// A process that injects one fault on another process and then waits to be killed: `KIND PARAMS FAULT PID`.
const [name = "", params = "{}", faultId = "", pid = ""] = process.argv.slice(2);
const kind = await loadKind(name);
const target = {
	env: { PATH: process.env.PATH },
	processOf: async () => identify(Number(pid)),
	expectEnd() {},
} as unknown as Target;
const undo: Undo = await kind.plan(target, "worker", JSON.parse(params), faultId);
await kind.inject(target, undo);
console.log(JSON.stringify(undo));
setInterval(() => {}, 1_000);
