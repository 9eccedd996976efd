import { breaking } from "../../../subjects/gate/part.ts";
import { domains } from "../mesh/mesh.ts";
import type { Kind } from "./change.ts";
import { dropColumn, editColumn, editDataset, harmlessPart } from "./parts.ts";
import {
	columnAt,
	datasetAt,
	datasetsOf,
	declaredOf,
	freshName,
	oneOf,
	readersOf,
} from "./places.ts";

// What a publisher's own tests find: its model is not what its contract says, or its contract is not of the version that it says.

export const violatingOwn = {
	"model-forgets-column": (draw, mesh) => {
		const at = oneOf(draw, declaredOf(mesh));
		if (at === null) return null;
		const part = editColumn("leave out of the model", at, (column) => {
			column.isBuilt = false;
		});
		return [
			{ repository: at.domain, parts: [breaking(part, [at.relation, at.column], "presence")] },
		];
	},
	"rows-twice": (draw, mesh) => {
		const at = oneOf(
			draw,
			datasetsOf(mesh).filter((at) => datasetAt(mesh, at).columns.some(({ isKey }) => isKey)),
		);
		if (at === null) return null;
		const part = editDataset("have each row twice in", at, (dataset) => {
			dataset.rows = { kind: "twice" };
		});
		return [{ repository: at.domain, parts: [breaking(part, [at.relation], "primary-key")] }];
	},
	"model-broken": (draw, _mesh) => {
		const repository = oneOf(draw, domains)!;
		const name = freshName(draw, "broken");
		const part = harmlessPart(`add a model ${name} of nothing`, null, ({ publishers }) => {
			publishers[repository].models[name] = "select nothing from {{ source('raw', 'nowhere') }}\n";
		});
		return [{ repository, parts: [breaking(part, [name], "builds")] }];
	},
	"version-unsaid": (draw, mesh) => {
		const at = oneOf(
			draw,
			declaredOf(mesh).filter((at) => readersOf(mesh, at).length === 0),
		);
		if (at === null) return null;
		return [
			{
				repository: at.domain,
				parts: [breaking(dropColumn(at), [at.relation, at.column], "version")],
			},
		];
	},
	"version-of-another": (draw, mesh) => {
		const at = oneOf(draw, datasetsOf(mesh))!;
		const part = editDataset("say another major version of", at, (dataset) => {
			dataset.version = "99.0.0";
		});
		return [{ repository: at.domain, parts: [breaking(part, [at.relation], "version")] }];
	},
	"required-and-null": (draw, mesh) => {
		const at = oneOf(
			draw,
			declaredOf(mesh).filter((at) => {
				const { making, isRequired, type } = columnAt(mesh, at);
				return isRequired && making.kind === "column" && /^character/.test(type);
			}),
		);
		if (at === null) return null;
		const { making } = columnAt(mesh, at);
		const { source } = datasetAt(mesh, at);
		if (making.kind !== "column") return null;
		const [row] = mesh.publishers[at.domain].tables[source]!.rows;
		const value = String(row![making.column]);
		const part = editColumn(`know no ${value} in`, at, (column) => {
			column.making = { kind: "nulled", of: column.making, value };
		});
		return [
			{ repository: at.domain, parts: [breaking(part, [at.relation, at.column], "nullability")] },
		];
	},
} satisfies Record<string, Kind>;
