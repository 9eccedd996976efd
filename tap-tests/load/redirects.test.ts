import t from "tap";
import { countRedirect, redirectsOf, redirectsText } from "../../load/redirects.ts";
import type { LoadInterval } from "../../load/report.ts";

t.test("redirects are counted by where they lead, of a few places", async (t) => {
	const counters = new Map<string, number>();
	for (const place of ["/a", "/a", "/b", "", "/d", "/e", "/a"]) countRedirect(counters, 301, place);
	const interval = (own: object) => ({ counters: own }) as LoadInterval;
	const named = [...counters].map(([name, n]) => [`target.${name}`, n] as const);
	const redirects = redirectsOf([
		interval({ "target.attempts": 9, ...Object.fromEntries(named) }),
		interval({ "target.redirect 301 to /a": 2 }),
	]);
	t.same(redirects, {
		count: 9,
		to: { "301 to /a": 5, "301 to /b": 1, "301 to nowhere": 1, elsewhere: 2 },
	});
	t.match(
		redirectsText(redirects!),
		/^9 answers.*none was followed.*ok: 5 301 to \/a, 2 elsewhere,/,
	);
	t.equal(redirectsOf([interval({ "target.attempts": 9 })]), null);
});
