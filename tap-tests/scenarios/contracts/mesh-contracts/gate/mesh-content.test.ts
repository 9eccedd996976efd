import t from "tap";
import type { Datasets } from "../../../../../scenarios/contracts/mesh-contracts/gate/asking.ts";
import type { Built } from "../../../../../scenarios/contracts/mesh-contracts/gate/dataset.ts";
import {
	type Means,
	MeshContent,
} from "../../../../../scenarios/contracts/mesh-contracts/gate/mesh-content.ts";
import { filesOf } from "../../../../../scenarios/contracts/mesh-contracts/mesh/files.ts";
import { firstMesh } from "../../../../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import {
	consumerNames,
	domains,
	repositoryNames,
} from "../../../../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";
import type { Finding } from "../../../../../scenarios/subjects/gate/findings.ts";
import type { Repository } from "../../../../../scenarios/subjects/gate/repository.ts";
import type { Entry } from "../../../../../scenarios/subjects/gate/tree.ts";

const mesh = firstMesh(1);
const dataset = (rows: string): Built => ({
	findings: [],
	datasets: [
		{ name: "orders_v1", columns: [{ name: "order_id", type: "integer" }], key: [], rows },
	],
});
const [first, second] = ['[{"order_id":1}]', '[{"order_id":2}]'];
const finding: Finding = {
	place: ["finance", "revenue_by_country"],
	rule: "status-known",
	why: "3",
};

interface Told {
	/** What the tests find of what is published. */
	asked?: (datasets: Datasets) => Finding[];
	/** What the changed package publishes. */
	after?: Built;
	asksNobody?: true;
	broken?: string;
}

/** A content whose databases say this, and what it has asked them. */
function content({ asked = () => [], after = dataset(first), asksNobody, broken }: Told = {}) {
	const tests: string[][] = [];
	const means: Means = {
		members: { publishers: domains, consumers: consumerNames },
		mains: {
			but: async (name) =>
				new Map(
					repositoryNames
						.filter((one) => one !== name)
						.map((one) => [
							one,
							{
								commit: `${one}0`,
								files: one === broken ? { "tests/a.yaml": "no" } : filesOf(mesh, one),
							},
						]),
				),
		},
		publishing: new Map(
			domains.map((domain) => [
				domain,
				{ after: async () => after, of: async () => dataset(first) },
			]),
		),
		asking: asksNobody
			? null
			: {
					findings: async (datasets, given) => {
						tests.push(given.map(({ consumer, query }) => `${consumer}.${query}`));
						return asked(datasets);
					},
				},
	};
	return { content: new MeshContent(means), tests };
}

/** A repository that holds these texts, by paths that are their ids. */
function repository(name: string, files: Record<string, string>) {
	const texts = async () => new Map(Object.entries(files));
	const entries = Object.entries(files).map(
		([path, text]): Entry => ({ path, mode: "100644", oid: path, bytes: text.length }),
	);
	return { repository: { name, texts } as unknown as Repository, entries };
}

async function judged(name: string, told?: Told, more: Record<string, string> = {}) {
	const own = repositoryNames.find((one) => one === name);
	const { repository: at, entries } = repository(name, {
		...(own === undefined ? {} : filesOf(mesh, own)),
		...more,
	});
	const { content: made, tests } = content(told);
	const world = await made.look(at);
	const before = entries.filter(({ path }) => more[path] === undefined);
	return { ...(await made.judge(world, { repository: at, before, after: entries })), tests };
}

const all = [
	"finance.revenue_by_country",
	"logistics.lines_to_pick",
	"marketing.customers_by_segment",
];

t.test(
	"a publisher's change is asked about at all consumers, and tells whom it reaches",
	async (t) => {
		const { findings, notes, tests } = await judged("sales", {
			after: dataset(second),
			asked: (datasets) => (datasets.get("sales.orders_v1")?.rows === second ? [finding] : []),
		});
		t.same(findings, [finding]);
		t.same(notes, ["reach finance.revenue_by_country", "reach logistics.lines_to_pick"]);
		t.same(tests, [all, all], "and what is found is asked again of what was there before");
	},
);

t.test("a test that fails anyhow holds nobody up", async (t) => {
	const { findings } = await judged("sales", { asked: () => [finding] });
	t.same(findings, []);
});

t.test("what a publisher's own tests find comes first, and no consumer is asked", async (t) => {
	const own = { findings: [{ place: ["orders_v1"], rule: "builds", why: "no" }], datasets: [] };
	const { findings, notes, tests } = await judged("crm", { after: own });
	t.same([findings, notes, tests], [own.findings, [], []]);
});

t.test("a consumer's own tests alone are asked, of what publishers have on main", async (t) => {
	const { findings, tests } = await judged("marketing", { asked: () => [finding] });
	t.same(findings, [finding]);
	t.same(tests, [["marketing.customers_by_segment"]]);
	const misspelt = await judged("marketing", {}, { "tests/more.yaml": "raeds: []" });
	t.match(misspelt.findings[0], { place: ["marketing", "more"], rule: "format" });
	t.same(misspelt.tests, []);
});

t.test("a gate that asks nobody looks at each for itself", async (t) => {
	const told: Told = { asksNobody: true, asked: () => [finding] };
	for (const name of ["sales", "marketing"])
		t.match(await judged(name, told), { findings: [], notes: [], tests: [] }, name);
	t.match(
		(await judged("sales", { ...told, after: { findings: [finding], datasets: [] } })).findings,
		[finding],
	);
});

t.test("whose main can't be judged by is no verdict, and neither is a stranger", async (t) => {
	await t.rejects(judged("sales", { broken: "finance" }), {
		name: "NoVerdict",
		message: /what finance has on main is no test/,
	});
	await t.rejects(judged("stranger"), { name: "NoVerdict", message: /no mesh/ });
});

t.test("what files may be is looked at before any of them is opened", async (t) => {
	const { findings, tests } = await judged("sales", {}, { "../out": "x" });
	t.match(findings, [{ place: ["../out"], rule: "path" }]);
	t.same(tests, []);
});

t.test("where a main has moved meanwhile the world is another", async (t) => {
	const { content: made } = content();
	const { repository: at } = repository("sales", {});
	t.equal((await made.look(at)).stamp, "crm0 finance0 logistics0 marketing0");
});
