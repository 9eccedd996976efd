import t from "tap";
import { hostOf, movedTo } from "../../../daemon/stack/urls.ts";

t.test("a URL leads to its host and port, or the protocol's own, IPv6 too", async (t) => {
	t.equal(hostOf("postgres://u:p@[::1]:6000/db", 5432), "[::1]:6000");
	t.equal(hostOf("redis://[2001:db8::1]", 6379), "[2001:db8::1]:6379");
	t.equal(hostOf("redis://h", 6379), "h:6379");
});

t.test("a URL that is moved keeps who and what", async (t) => {
	const direct = { kind: "postgres", url: "postgres://u:p@h/db" } as const;
	t.equal(movedTo("[::1]:7", direct, "postgres://"), "postgres://u:p@[::1]:7/db");
	t.equal(movedTo("127.0.0.1:7", null, "redis://"), "redis://127.0.0.1:7");
});
