import t from "tap";
import { docsIndex } from "../../../../scenarios/contracts/data-quality/docs-index.ts";
import { pagesIn, readsOf } from "../../../../scenarios/contracts/data-quality/observe.ts";

t.test("the index leads to each page, and nothing that a batch holds becomes a part of it", (t) => {
	const html = docsIndex([
		{
			batch: 7,
			error: `sales.sku: format: such as '<script>"&'; sales: row_count: x`,
			page: "batch-7.html",
		},
	]);
	t.match(html, '<a href="batch-7.html">batch 7</a>');
	t.match(html, "&lt;script&gt;&quot;&amp;'<br>sales: row_count: x");
	t.notMatch(html, /<script|https?:/);
	t.match(docsIndex([]), "No batch was rejected");
	t.end();
});

t.test("a page is whole where it comes to its end, and names the columns that it is about", (t) => {
	const folder = t.testdir({
		"batch-1.html": "<html>customer_id <b>email</b></html>\n",
		"batch-2.html": "<html>customer_id_2",
		".batch-3.html.draft": "half",
	});
	t.same(pagesIn(folder), [
		{ page: "batch-1.html", isWhole: true, named: ["customer_id", "email"] },
		{ page: "batch-2.html", isWhole: false, named: [] },
	]);
	t.same(pagesIn(`${folder}/none`), []);
	t.end();
});

t.test(
	"what consumers read is told by batch, without those that are no batches of the run",
	(t) => {
		t.same(readsOf(["", "2:100,1:90", "2:100", "10203:5"]), [
			{ batch: 2, rowCount: 100, count: 2 },
			{ batch: 1, rowCount: 90, count: 1 },
		]);
		t.end();
	},
);
