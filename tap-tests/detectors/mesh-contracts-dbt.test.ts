import { delimiter } from "node:path";
import t from "tap";
import { stream } from "../../base/random.ts";
import { meshAfter } from "../../scenarios/contracts/mesh-contracts/changes/change.ts";
import { changeOf, kindNames } from "../../scenarios/contracts/mesh-contracts/changes/changes.ts";
import { DbtCompiler } from "../../scenarios/contracts/mesh-contracts/gate/dbt-compiler.ts";
import { rendered } from "../../scenarios/contracts/mesh-contracts/gate/render.ts";
import { filesOf } from "../../scenarios/contracts/mesh-contracts/mesh/files.ts";
import { firstMesh } from "../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import { isDomain } from "../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";
import { type Package, packageOf } from "../../scenarios/subjects/gate/package.ts";
import { dbtFolder, noDbt } from "./dbt-gate.ts";

// Publishers' packages through the real dbt: what it makes of them is what the gate makes of them by itself.

const bin = await dbtFolder();
const skip = bin === null ? noDbt : false;
if (bin !== null) process.env.PATH = [bin, process.env.PATH].join(delimiter);

function packageIn(files: Record<string, string>): Package {
	return packageOf(
		Object.keys(files).map((path) => ({ path })),
		({ path }) => files[path]!,
	);
}

t.test(
	"dbt compiles every change of a publisher's models to what the gate renders",
	{ skip },
	async (t) => {
		const dbt = new DbtCompiler(t.testdir());
		t.teardown(() => dbt.close());
		const texts = ({ models }: Awaited<ReturnType<DbtCompiler["rendered"]>>) =>
			Object.fromEntries(models.map(({ name, sql }) => [name, sql.trim()]));
		const seen = new Set<string>();
		for (const [n, kind] of kindNames.entries()) {
			const change = changeOf(kind, stream(1, kind), firstMesh(1), n);
			const proposal = change?.proposals[0];
			if (change == null || proposal === undefined || !isDomain(proposal.repository)) continue;
			const files = filesOf(meshAfter(change.before, proposal, "0010_it"), proposal.repository);
			const one = packageIn(files);
			const key = JSON.stringify(one.models);
			if (seen.has(key)) continue;
			seen.add(key);
			const found = await dbt.rendered(one);
			// A table that is in no source dbt knows before any database does.
			if (kind === "model-broken") t.match(found.findings, [{ rule: "builds" }]);
			else t.same(texts(found), texts(rendered(one.models)), kind);
		}
		t.ok(seen.size > 15, `${seen.size} packages`);
	},
);

t.test(
	"models come after those that they are made of, and a dbt that ends is no verdict",
	{ skip },
	async (t) => {
		const dbt = new DbtCompiler(t.testdir());
		t.teardown(() => dbt.close());
		const files = {
			...filesOf(firstMesh(1), "crm"),
			"models/a_first.sql": "select count(*) as n from {{ ref('customers_v1') }}",
		};
		const { models } = await dbt.rendered(packageIn(files));
		t.same(
			models.map(({ name }) => name),
			["customers_v1", "a_first"],
		);
		const asked = dbt.rendered(packageIn(files));
		setImmediate(() => dbt.start().kill("SIGKILL"));
		await t.rejects(asked, { name: "NoVerdict", message: /^dbt: it ended with SIGKILL/ });
		t.equal((await dbt.rendered(packageIn(files))).models.length, 2, "and the next is asked anew");
	},
);
