import t from "tap";
import { fetchTools, type RunTools, withTools } from "../../../daemon/runs/run-tools.ts";
import type { RunStack } from "../../../daemon/stage/stage.ts";
import type { ReadyTool } from "../../../daemon/tools/tools.ts";

const ready = (id: string): ReadyTool => ({
	version: "1",
	bin: `/cache/${id}/bin`,
	variables: { [`${id.toUpperCase()}_QUIET`]: "1" },
	folder: `/cache/${id}`,
});
const stack = { env: { PATH: "/usr/bin", HOME: "/home" }, roots: () => [] } as unknown as RunStack;

t.test("what a run starts finds its tools first, and all else as before", (t) => {
	const seen = withTools(stack, [ready("dbt"), ready("spark")]);
	t.same(seen.env, {
		PATH: "/cache/dbt/bin:/cache/spark/bin:/usr/bin",
		HOME: "/home",
		DBT_QUIET: "1",
		SPARK_QUIET: "1",
	});
	t.same(seen.roots(), []);
	t.equal(stack.env.PATH, "/usr/bin", "other runs see nothing of it");
	t.equal(withTools(stack, []), stack);
	t.end();
});

t.test(
	"tools are fetched one after another; what one says is heard, and a failure ends it",
	async (t) => {
		const asked: string[] = [];
		const said: string[] = [];
		const tools: RunTools = {
			missing: async () => null,
			async fetch(id, say) {
				asked.push(id);
				say(`fetching ${id}`);
				if (id === "gone") throw new Error("no such host");
				return ready(id);
			},
		};
		const say = (line: string) => void said.push(line);
		const { signal } = new AbortController();
		t.match(await fetchTools(["dbt", "spark"], tools, say, signal), [ready("dbt"), ready("spark")]);
		t.same(said, ["fetching dbt", "fetching spark"]);
		await t.rejects(fetchTools(["gone", "dbt"], tools, say, signal), { message: /no such host/ });
		t.same(asked, ["dbt", "spark", "gone"]);
	},
);
