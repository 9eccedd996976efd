import type { TSchema } from "typebox";
import type * as Validation from "typebox/schema";
import { FaultlineError } from "../base/errors.ts";
import { typeboxInOneFile } from "../base/one-file.ts";

/** Of TypeBox's validators the quickest to load, and a load should start quickly. */
const { Errors, Pointer }: Pick<typeof Validation, "Errors" | "Pointer"> = await import(
	typeboxInOneFile ?? "typebox/schema"
);

/** Throws one error that names every parameter out of bounds, with the bound and the value seen. */
export function checkParams(what: string, schema: TSchema, params: Record<string, unknown>): void {
	// An unknown name is reported twice by TypeBox; the one without the name's "schema is false" says more.
	const problems = Errors(schema, params)[1].filter((error) => error.keyword !== "boolean");
	if (problems.length === 0) return;
	const lines = problems.map((problem) => {
		const name = problem.instancePath.slice(1).replaceAll("/", ".");
		switch (problem.keyword) {
			case "required":
				return `${problem.params.requiredProperties.join(", ")} is missing`;
			case "additionalProperties":
				return `${problem.params.additionalProperties.join(", ")} is not a parameter of it`;
			default: {
				const value = JSON.stringify(Pointer.Get(params, problem.instancePath)) ?? "nothing";
				return `${name} ${problem.message}, but is ${value}`;
			}
		}
	});
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`${what}: ${lines.join("; ")}`,
		"correct these values; bounds are inclusive unless written < or >",
	);
}
