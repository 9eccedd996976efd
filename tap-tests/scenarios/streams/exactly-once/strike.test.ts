import { fileURLToPath } from "node:url";
import t from "tap";
import { strike } from "../../../../scenarios/streams/exactly-once/strike.ts";

const stepped = fileURLToPath(new URL("../../../fixtures/scenarios/stepped.ts", import.meta.url));
const agent = new URL("../../../../chaos/subject/agent.ts", import.meta.url).href;
const command = [process.execPath, "--no-warnings", "--import", agent, stepped];

t.test("it kills a program at each of its steps in turn, and starts it again", async (t) => {
	const said: string[] = [];
	await strike({
		command,
		steps: ["before-write", "after-commit"],
		times: 3,
		upMs: 50,
		lastMs: 0,
		say: (message) => said.push(message),
	});
	t.same(said, ["killed at before-write", "killed at after-commit", "killed at before-write"]);
});

t.test("a program that ends by itself is told, and not waited for", async (t) => {
	const ends = [process.execPath, "-e", "process.exit(3)"];
	const options = { command: ends, steps: ["before-write"], times: 1, upMs: 0, lastMs: 0 };
	await t.rejects(strike({ ...options, say: () => {} }), /has ended by itself, with 3/);
});
