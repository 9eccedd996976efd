import t from "tap";
import { openFilesMax, refuseTooMany } from "../../load/file-limit.ts";

t.test("the soft limit is read where there is one", async (t) => {
	const limits =
		"Max processes 1 2 processes\nMax open files            64                   128  files\n";
	t.equal(openFilesMax(limits), 64);
	t.equal(openFilesMax("Max open files unlimited unlimited files\n"), null);
	t.equal(openFilesMax(null), null);
});

t.test("more connections than files may be open are refused, with the number needed", async (t) => {
	t.throws(() => refuseTooMany(500, 1, 64), {
		code: "FLT_USAGE",
		message: "--connections 500 needs about 544 open files, and this process may open 64",
		hint: 'run "ulimit -n 544" first, or take fewer connections',
	});
	t.doesNotThrow(() => refuseTooMany(500, 1, 544), "just enough");
	t.doesNotThrow(() => refuseTooMany(500, 1, null));
});
