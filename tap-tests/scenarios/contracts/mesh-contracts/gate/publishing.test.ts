import t from "tap";
import { Publishing } from "../../../../../scenarios/contracts/mesh-contracts/gate/publishing.ts";
import { filesOf } from "../../../../../scenarios/contracts/mesh-contracts/mesh/files.ts";
import { firstMesh } from "../../../../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import { packageOf } from "../../../../../scenarios/subjects/gate/package.ts";
import type { Made, Trial } from "../../../../../scenarios/subjects/gate/scratch.ts";

function packageWith(more: Record<string, string> = {}) {
	const files = { ...filesOf(firstMesh(1), "crm"), ...more };
	return packageOf(
		Object.keys(files).map((path) => ({ path })),
		({ path }) => files[path]!,
	);
}

/** A database in which each model is a relation of the columns that its contract has. */
function scratch(findings: { place: string[]; rule: string; why: string }[] = []) {
	const tried: Trial[] = [];
	return {
		tried_: tried,
		async tried<T>(trial: Trial, read: (made: Made) => Promise<T>) {
			tried.push(trial);
			const columns = new Map(
				["customer_id", "email", "country", "first_name", "last_name", "segment"].map((name) => [
					name,
					{ type: "text", notNull: false },
				]),
			);
			const made: Made = {
				structure: new Map([["customers_v1", { kind: "view", columns, keys: [] }]]),
				rows: async <Row>() => [{ rows: "[]" }] as Row[],
			};
			return { findings, read: findings.length > 0 ? null : await read(made) };
		},
	};
}

t.test(
	"a package is built once, with models as the database has them and only new steps",
	async (t) => {
		const given = scratch();
		const publishing = new Publishing(given);
		const [before, now] = [packageWith(), packageWith({ "migrations/0003_more.sql": "select 1" })];
		const built = await publishing.after(before, now);
		t.match(built, { findings: [], datasets: [{ name: "customers_v1", key: ["customer_id"] }] });
		await publishing.of("crm", now);
		t.equal(given.tried_.length, 1);
		const [{ steps, models }] = given.tried_ as [Trial];
		t.same(
			steps.map(({ name }) => name),
			["0003_more"],
		);
		t.match(models[0]!.sql, /from "customers" as r/);
	},
);

t.test(
	"what can't be built is found, asked again where it is asked again, and no main",
	async (t) => {
		const finding = { place: ["0002_sample"], rule: "applies", why: "no" };
		const given = scratch([finding]);
		const publishing = new Publishing(given);
		t.same(await publishing.after(packageWith(), packageWith()), {
			findings: [finding],
			datasets: [],
		});
		await publishing.after(packageWith(), packageWith());
		t.equal(given.tried_.length, 2);
		await t.rejects(publishing.of("crm", packageWith()), { name: "NoVerdict", message: /crm/ });
		const template = packageWith({ "models/odd.sql": "{{ var('x') }}" });
		t.match(await publishing.after(template, template), {
			findings: [{ place: ["odd"], rule: "builds" }],
		});
	},
);
