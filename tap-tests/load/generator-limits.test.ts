import t from "tap";
import { generatorLimit, isAllTheGenerators } from "../../load/generator-limits.ts";

t.test("what the generator ran out of is named, with what to do", async (t) => {
	const rows: [code: string, why: RegExp][] = [
		["EMFILE", /^3 operations .*EMFILE.*this process may open no more files.*; .*ulimit -n/],
		["ENFILE", /^3 operations .*this machine may open no more files; .*fs\.file-max/],
		["EADDRNOTAVAIL", /^3 operations .*no more ports for .*; .*ip_local_port_range/],
		["ENOBUFS", /^3 operations .*no more memory for sockets; take fewer connections$/],
	];
	for (const [code, why] of rows) {
		t.match(generatorLimit({ errors: { [code]: 3, http_500: 1 } }), why);
		t.equal(isAllTheGenerators({ errors: { [code]: 3, http_500: 1 } }), false);
		t.equal(isAllTheGenerators({ errors: { [code]: 3 } }), true);
	}
	t.match(
		generatorLimit({ errors: { EMFILE: 1, ENOBUFS: 2 } }),
		/EMFILE.*; 2 operations .*ENOBUFS/,
	);
});

t.test("what the target did is no limit of the generator", async (t) => {
	const others: Record<string, number>[] = [{}, { ECONNREFUSED: 5 }, { EMFILE: 0 }];
	for (const errors of others) t.equal(generatorLimit({ errors }), null);
	t.equal(isAllTheGenerators({ errors: {} }), false);
	t.equal(isAllTheGenerators({ errors: { ECONNREFUSED: 5 } }), false);
});
