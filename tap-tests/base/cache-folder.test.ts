import { join } from "node:path";
import t from "tap";
import { earlyCache, userCache } from "../../base/cache-folder.ts";
import { resolveSettings } from "../../daemon/settings.ts";

t.test("the user's cache is where the system has such things", async (t) => {
	const place = { env: {}, userFolder: "/home/me" };
	t.equal(userCache({ ...place, platform: "linux" }), "/home/me/.cache/faultline");
	t.equal(userCache({ ...place, platform: "darwin" }), "/home/me/Library/Caches/faultline");
	const named = { ...place, env: { XDG_CACHE_HOME: "/caches" } };
	for (const platform of ["linux", "darwin"] as const)
		t.equal(userCache({ ...named, platform }), "/caches/faultline");
});

t.test("before the settings are read the cache is where they will say that it is", async (t) => {
	const settled = () =>
		resolveSettings({
			flags: {},
			nightlyFlags: {},
			env: process.env,
			config: {},
			folder: process.cwd(),
			platform: process.platform,
			userFolder: process.env.HOME ?? "",
		}).cache;
	const before = process.env.FAULTLINE_CACHE;
	t.teardown(() => {
		if (before === undefined) delete process.env.FAULTLINE_CACHE;
		else process.env.FAULTLINE_CACHE = before;
	});
	for (const said of ["/made", "made", undefined]) {
		if (said === undefined) delete process.env.FAULTLINE_CACHE;
		else process.env.FAULTLINE_CACHE = said;
		t.equal(earlyCache(), settled(), `FAULTLINE_CACHE=${said}`);
	}
	process.env.FAULTLINE_CACHE = "made";
	t.equal(earlyCache(), join(process.cwd(), "made"), "from where the command was given");
});
