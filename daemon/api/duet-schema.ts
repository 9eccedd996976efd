const positive = (maximum: number) => ({ type: "integer", minimum: 1, maximum });
const variantSchema = {
	type: "object",
	required: ["params", "urls"],
	properties: {
		params: { type: "object" },
		urls: {
			type: "object",
			properties: {
				postgres: { type: "string", pattern: "^postgres(ql)?://" },
				redis: { type: "string", pattern: "^rediss?://" },
				kafka: { type: "string", pattern: "^kafka://" },
			},
			additionalProperties: false,
		},
	},
	additionalProperties: false,
};
/** What `POST /runs` and the nightly take as a duet: its sessions, its looks, its two variants. */
export const duetSchema = {
	type: "object",
	description: "two variants that take turns instead of the plan's own phases",
	required: ["plan", "variants"],
	properties: {
		plan: {
			type: "object",
			required: ["shape", "looks"],
			properties: {
				shape: {
					type: "object",
					required: ["kind"],
					properties: {
						kind: { type: "string", enum: ["turns", "whole"] },
						warmMs: positive(600_000),
						turnMs: positive(600_000),
						turns: positive(1_000),
					},
					additionalProperties: false,
					if: { properties: { kind: { const: "turns" } } },
					// biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
					then: { required: ["warmMs", "turnMs", "turns"] },
				},
				looks: {
					type: "array",
					minItems: 1,
					items: {
						type: "object",
						required: ["pairs", "alpha"],
						properties: {
							pairs: positive(1_000),
							alpha: { type: "number", exclusiveMinimum: 0, maximum: 0.5 },
						},
						additionalProperties: false,
					},
				},
			},
			additionalProperties: false,
		},
		variants: {
			type: "object",
			required: ["a", "b"],
			properties: { a: variantSchema, b: variantSchema },
			additionalProperties: false,
		},
	},
	additionalProperties: false,
};
