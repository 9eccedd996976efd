import { registerHooks } from "node:module";
import t from "tap";
import "../../base/resolve-hook.ts";
import { typeboxInOneFile } from "../../base/one-file.ts";

const ofThePackage: string[] = [];
registerHooks({
	load(url, context, next) {
		if (url.includes("/node_modules/typebox/")) ofThePackage.push(url);
		return next(url, context);
	},
});

t.test("a scenario and a load start without a single file of the package TypeBox", async (t) => {
	t.not(typeboxInOneFile, null, "`npm ci` has made the one file, by `npm run prepare`");
	await import("../../scenarios/index.ts");
	await import("../../load/check-params.ts");
	t.strictSame(ofThePackage, []);
});

t.test("out of one file TypeBox builds and judges as the package does", async (t) => {
	const ours = await import(typeboxInOneFile!);
	const root = new URL("../../node_modules/typebox/build/", import.meta.url);
	const whole = await import(new URL("index.mjs", root).href);
	const { Errors } = await import(new URL("schema/index.mjs", root).href);
	const built = ({ Type }: typeof import("typebox")) =>
		Type.Object({
			rate: Type.Number({ minimum: 1, exclusiveMaximum: 10, default: 2 }),
			kind: Type.Union([Type.Literal("a"), Type.Literal("b")]),
			names: Type.Optional(Type.Array(Type.String({ pattern: "^x" }), { maxItems: 2 })),
		});
	t.not(ours, whole);
	t.strictSame(
		Object.keys(whole).filter((name) => !(name in ours)),
		[],
	);
	t.strictSame(JSON.stringify(built(ours)), JSON.stringify(built(whole)));
	const bad = { rate: 10, kind: "c", names: ["y", "x", "x"] };
	t.strictSame(ours.Errors(built(ours), bad), Errors(built(whole), bad));
	t.equal(Errors(built(whole), bad)[1].length > 3, true, "it finds what is wrong");
	t.equal(ours.Pointer.Get(bad, "/names/0"), "y");
});
