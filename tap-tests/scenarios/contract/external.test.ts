import t from "tap";
import { externalsOf, isExternal } from "../../../scenarios/contract/external.ts";

t.test("a path that names a url leads to what runs anyhow, and no other does", (t) => {
	const api = { url: "http://127.0.0.1:8080", port: 9_000 };
	const paths = { db: "postgres", orders: { subject: "service" }, api, none: {} };
	t.same(externalsOf({ paths }), [["api", api]]);
	t.ok(isExternal({ url: undefined }), "one whose url is not there is told of as such");
	for (const other of ["postgres", null, undefined, 5]) t.notOk(isExternal(other));
	t.end();
});
