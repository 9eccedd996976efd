import t from "tap";
import { blobId, wrongFiles } from "../../../../scenarios/subjects/forge/seen.ts";

t.test("files are held against their texts by the ids that git gives these", (t) => {
	t.equal(blobId("hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
	const found = new Map([
		["a", blobId("x")],
		["b", blobId("y")],
		["d", blobId("z")],
	]);
	t.same(wrongFiles(found, { a: "x", b: "other", c: "gone" }), ["b", "d", "c"]);
	t.end();
});
