import t from "tap";
import { notBroken } from "../../../daemon/explore/not-broken.ts";

t.test("a search that found nothing shows as much as its trials say", async (t) => {
	const passed = { outcome: "passed", invalid: null } as const;
	const failed = { outcome: "failed", invalid: null } as const;
	const busy = { outcome: "invalid", invalid: "host_busy" } as const;
	const rows = [
		[[passed, passed], true, "nothing broke x"],
		[
			[busy, passed],
			true,
			"nothing broke x; 1 of 2 trials say nothing, the last of them: host_busy",
		],
		[[failed, busy], true, /1 of 2 trials/],
		[[busy, busy], false, /whether anything breaks x is open: no trial says it, .*host_busy/],
		[[], false, "nothing was tried of x"],
	] as const;
	for (const [trials, told, line] of rows) t.match(notBroken("x", trials), { told, line });
});
