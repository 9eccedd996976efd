import { join } from "node:path";
import t from "tap";
import { stream } from "../../../../base/random.ts";
import {
	changeOf,
	type Planned,
} from "../../../../scenarios/contracts/mesh-contracts/changes/changes.ts";
import { Developer } from "../../../../scenarios/contracts/mesh-contracts/developer.ts";
import { makeRepositories } from "../../../../scenarios/contracts/mesh-contracts/forge/repositories.ts";
import type { Built } from "../../../../scenarios/contracts/mesh-contracts/gate/dataset.ts";
import { folderSource } from "../../../../scenarios/contracts/mesh-contracts/gate/folder-source.ts";
import {
	type MainSource,
	Mains,
} from "../../../../scenarios/contracts/mesh-contracts/gate/mains.ts";
import type { Means } from "../../../../scenarios/contracts/mesh-contracts/gate/mesh-content.ts";
import { meshGate } from "../../../../scenarios/contracts/mesh-contracts/gate/mesh-gate.ts";
import { firstMesh } from "../../../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import {
	consumerNames,
	domains,
	repositoryNames,
} from "../../../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";
import { git } from "../../../../scenarios/subjects/forge/git.ts";
import type { Package } from "../../../../scenarios/subjects/gate/package.ts";
import { saidFile, saidIn } from "../../../../scenarios/subjects/gate/said.ts";
import { gateServer } from "../../../../scenarios/subjects/gate/service.ts";
import { clonesOf, listening } from "../../subjects/gate/in-git.ts";

// The mesh's repositories in real git, with databases that make no rows: what is published is the names of the migrations, and what
// is asked of it is up to the test.

const seed = 2;
const never = new AbortController().signal;
/** The first draw of a kind that this mesh has something for. */
function changeNamed(kind: string, name: string): Planned {
	for (let n = 0; n < 100; n++) {
		const change = changeOf(kind, stream(n, name), firstMesh(seed), 0);
		if (change !== null) return change;
	}
	throw new Error(`there is no ${kind} in the mesh of seed ${seed}`);
}

/** What a package publishes here: a dataset whose rows are the names of its migrations. */
function built(domain: string, { migrations }: Package): Built {
	const rows = JSON.stringify(migrations.map(({ name }) => `${domain} ${name}`));
	return { findings: [], datasets: [{ name: "names_v1", columns: [], key: [], rows }] };
}

interface Mesh {
	folder: string;
	developer(name: string): Developer;
	main(name: string): Promise<string>;
}

type Asked = NonNullable<Means["asking"]>["findings"];

async function meshOf(
	t: Parameters<typeof listening>[0],
	asked: Asked = async () => [],
	sourceOf: (source: MainSource) => MainSource = (source) => source,
): Promise<Mesh> {
	const folder = t.testdir();
	await makeRepositories(folder, seed);
	const mains = new Mains(sourceOf(folderSource(folder)), repositoryNames);
	const publishing = new Map(
		domains.map((domain) => [
			domain,
			{
				after: async (_: Package, now: Package) => built(domain, now),
				of: async (_: string, main: Package) => built(domain, main),
			},
		]),
	);
	const members = { publishers: domains, consumers: consumerNames };
	const gate = meshGate({ members, mains, publishing, asking: { findings: asked } });
	const url = await listening(t, gateServer(gate, join(folder, saidFile)));
	const clone = clonesOf(folder, url);
	return {
		folder,
		developer: (name) => new Developer(clone(name), 1),
		main: async (name) =>
			String(await git(["rev-parse", "main"], { folder: join(folder, `${name}.git`) })),
	};
}

t.test(
	"a publisher's merge is blocked in its own repository, with the consumer and its query named",
	async (t) => {
		const broken = {
			place: ["finance", "revenue_by_country"],
			rule: "status-known",
			why: "it is 3",
		};
		const mesh = await meshOf(t, async (datasets) =>
			datasets.get("sales.names_v1")!.rows.includes("order_added") ? [broken] : [],
		);
		const before = await mesh.main("sales");
		const { verdict } = await mesh.developer("dev").bring(changeNamed("order-added", "a"), never);
		t.match(verdict, {
			kind: "blocked",
			message: "finance.revenue_by_country (status-known): it is 3",
		});
		t.equal(await mesh.main("sales"), before);
		const other = await mesh.developer("other").bring(changeNamed("customer-added", "b"), never);
		t.equal(other.verdict.kind, "passed", "and what breaks nobody is merged");
		t.match(
			saidIn(join(mesh.folder, saidFile)).map(
				({ repository, verdict }) => `${repository} ${verdict}`,
			),
			["sales blocked", "crm passed", "crm passed"],
		);
	},
);

t.test(
	"where a consumer's repository can't be read there is no verdict, and nothing is let in",
	async (t) => {
		let isAway = true;
		const mesh = await meshOf(t, undefined, (source) => ({
			...source,
			async commit(name) {
				if (isAway && name === "finance") {
					isAway = false;
					throw new Error("it is away");
				}
				return source.commit(name);
			},
		}));
		const { verdict, interrupted } = await mesh
			.developer("dev")
			.bring(changeNamed("order-added", "a"), never);
		t.equal(verdict.kind, "passed", "pushed again, it is judged");
		t.same(interrupted, ["the repository of finance can't be read: it is away; push again"]);
	},
);

t.test(
	"of two that pass alone in two repositories and break together the second is not merged",
	async (t) => {
		const together = { place: ["finance", "revenue_by_country"], rule: "together", why: "both" };
		const asked: Asked = async (datasets) =>
			datasets.get("sales.names_v1")!.rows.includes("pair_two_publishers") &&
			datasets.get("crm.names_v1")!.rows.includes("pair_two_publishers")
				? [together]
				: [];
		const mesh = await meshOf(t, asked);
		const change = changeNamed("pair-two-publishers", "pair");
		const [first, second] = change.proposals.map(({ repository }) => repository);
		const [was, stays] = [await mesh.main(first!), await mesh.main(second!)];
		const { verdict } = await mesh.developer("dev").bring(change, never);
		t.match(verdict, { kind: "blocked", message: /finance\.revenue_by_country \(together\)/ });
		t.not(await mesh.main(first!), was);
		t.equal(await mesh.main(second!), stays);
	},
);

t.test("two that are merged at once in two repositories are not both let in", async (t) => {
	const asked: Asked = async (datasets) =>
		["sales", "crm"].every((domain) => datasets.get(`${domain}.names_v1`)!.rows.includes("_added"))
			? [{ place: ["finance", "revenue_by_country"], rule: "together", why: "both" }]
			: [];
	const mesh = await meshOf(t, asked);
	const ends = await Promise.all(
		["order-added", "customer-added"].map((kind) =>
			mesh.developer(kind).bring(changeNamed(kind, kind), never),
		),
	);
	t.same(ends.map(({ verdict }) => verdict.kind).sort(), ["blocked", "passed"]);
});
