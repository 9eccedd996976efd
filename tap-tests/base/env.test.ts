import t from "tap";
import { withoutSettings } from "../../base/env.ts";

t.test("other programs get the environment without our settings and tokens", (t) => {
	const env = {
		PATH: "/bin",
		FAULTLINE_TOKEN: "secret",
		FAULTLINE_POSTGRES_URL: "postgres://u:p@h/d",
	};
	t.same(withoutSettings(env), { PATH: "/bin" });
	t.end();
});
