import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { RecordSchema } from "../../../../scenarios/contracts/schema-evolution/avro.ts";
import { firstSchema } from "../../../../scenarios/contracts/schema-evolution/first-schema.ts";
import { refusal } from "../../../../scenarios/contracts/schema-evolution/refusal.ts";
import type { Entry } from "../../../../scenarios/contracts/schema-evolution/registered.ts";
import { Registry } from "../../../../scenarios/contracts/schema-evolution/registry-routes.ts";

const subject = "orders-backward-transitive";

function asked(registry: Registry) {
	const { routes } = registry;
	const call = (route: string, params: object, body: object, query = "") =>
		Promise.resolve(
			routes[route]!({
				params,
				query: new URLSearchParams(query),
				json: async () => body,
			} as never),
		) as Promise<never>;
	return {
		propose: (schema: RecordSchema | string, to = subject): Promise<object> =>
			call(
				"POST /subjects/:subject/versions",
				{ subject: to },
				{
					schema: typeof schema === "string" ? schema : JSON.stringify(schema),
				},
			),
		schemas: (after = 0): Promise<Entry[]> => call("GET /schemas", {}, {}, `after=${after}`),
	};
}

const withWeight = (type: "float" | "double"): RecordSchema => ({
	...firstSchema,
	fields: firstSchema.fields.map((field) => (field.name === "weight" ? { ...field, type } : field)),
});

t.test(
	"a schema that is proposed again is the same version, and an older one is a change",
	async (t) => {
		const { propose } = asked(new Registry(join(t.testdir(), "schemas"), refusal));
		t.match(await propose(firstSchema), { status: 200, body: { version: 1 } });
		t.match(await propose(withWeight("double")), { status: 200, body: { id: 7, version: 2 } });
		t.match(await propose(withWeight("double")), { status: 200, body: { id: 7, version: 2 } });
		t.match(await propose(withWeight("float")), {
			status: 409,
			body: { message: /can't read version 2 in Avro: Order\.weight \(type-differs\)/ },
		});
	},
);

t.test("what is no schema, or for no subject, is told so and changes nothing", async (t) => {
	const { propose, schemas } = asked(new Registry(join(t.testdir(), "schemas"), refusal));
	const before = await schemas();
	t.match(await propose("{"), { status: 422, body: { message: /not a schema/ } });
	t.match(await propose('{"type":"nothing"}'), { status: 422 });
	t.match(await propose(firstSchema, "else"), {
		status: 404,
		body: { message: /no subject else/ },
	});
	t.same(await schemas(), before);
});

t.test(
	"one that was killed goes on with all that it had told, and with nothing else",
	async (t) => {
		const file = join(t.testdir(), "schemas");
		await asked(new Registry(file, refusal)).propose(withWeight("double"));
		const told = readFileSync(file, "utf8");
		appendFileSync(file, '{"id":8,"subject":"orders-fu');
		const { schemas, propose } = asked(new Registry(file, refusal));
		t.same(
			await schemas(),
			told
				.trim()
				.split("\n")
				.map((line) => JSON.parse(line)),
		);
		t.match(await schemas(6), [{ id: 7, subject, version: 2 }]);
		await propose(firstSchema, "orders-forward");
		await propose(withWeight("float"), "orders-full");
		const again = asked(new Registry(file, refusal));
		t.same(await again.schemas(), await schemas(), "and what comes after is whole");
	},
);
