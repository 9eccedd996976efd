import t, { type Test } from "tap";
import {
	hidden,
	inDatabase,
	type PostgresUrl,
	placeOf,
	postgresUrlText,
	readPostgresUrl,
	serverAddress,
	sslModeOf,
	throughProxy,
} from "../../base/postgres-url.ts";

const read = (text: string) => {
	const { params, ...parts } = readPostgresUrl(text);
	return { ...parts, params: Object.fromEntries(params) };
};

/** The variables that stand in for what a URL leaves out, as they are here, are not those of the test. */
function without(t: Test, ...names: string[]): void {
	for (const name of names) {
		const value = process.env[name];
		delete process.env[name];
		t.teardown(() => {
			if (value !== undefined) process.env[name] = value;
		});
	}
}
without(t, "PGHOST", "PGPORT", "PGSSLMODE");

t.test("variables stand in for what a URL leaves out, and never for what it says", async (t) => {
	t.teardown(() => {
		delete process.env.PGPORT;
		delete process.env.PGHOST;
	});
	process.env.PGPORT = "7";
	process.env.PGHOST = "elsewhere";
	t.match(read("postgres:///d"), { host: "elsewhere", port: 7 });
	t.match(read("postgres://h:5432/d"), { host: "h", port: 5432 });
	t.match(read("postgres://h/d?port=9"), { host: "h", port: 9 });
});

t.test("a URL is read in all the ways to write one", async (t) => {
	const rows: [text: string, parts: Partial<PostgresUrl>, why: string][] = [
		["postgres://h", { host: "h", port: 5432, user: null, password: null, database: null }, "bare"],
		["postgresql://u@h:1/d", { user: "u", host: "h", port: 1, database: "d" }, "whole"],
		["postgres://u:p%40s%3Aw%2F@h/d", { password: "p@s:w/" }, "an escaped password"],
		["postgres://u:p@ss:w@h/d", { password: "p@ss:w", host: "h" }, "one that is not"],
		["postgres://[::1]:7/d", { host: "::1", port: 7 }, "IPv6"],
		["postgres://u@/d?host=/run/pg&port=9", { host: "/run/pg", port: 9, user: "u" }, "a socket"],
		["postgres:///d?host=/run/pg", { host: "/run/pg", port: 5432, user: null }, "nobody's"],
		["postgres://u@%2Frun%2Fpg:9/d", { host: "/run/pg", port: 9, database: "d" }, "escaped"],
		[
			"postgres://h/?user=u&password=p&dbname=d",
			{ user: "u", password: "p", database: "d" },
			"named",
		],
		["postgres://n/d?hostaddr=10.0.0.1", { host: "n", hostaddr: "10.0.0.1" }, "an address beside"],
	];
	for (const [text, parts, why] of rows) {
		t.match(read(text), parts, why);
		t.same(read(postgresUrlText(readPostgresUrl(text))), read(text), `${why}, written again`);
	}
	t.same(read("postgres://h/d?options=-c%20a%3Db+c&sslmode=require").params, {
		options: "-c a=b c",
		sslmode: "require",
	});
});

t.test("what is not understood is refused, with what is, and no password is shown", async (t) => {
	const rows: [text: string, message: RegExp][] = [
		["postgres://u:secret@h/d?foo=1", /"foo" is not understood/],
		["postgres://u:secret@h/d?constructor=1", /"constructor" is not understood/],
		["postgres://u:secret@h/d?sslmode=verify", /sslmode is "verify"/],
		["postgres://u:secret@h/d?sslmode=", /sslmode is ""/],
		["postgres://u:secret@h/d?sslmode=require&sslmode=disable", /"sslmode" is there twice/],
		["postgres://u:secret@h/d?connect_timeout=soon", /connect_timeout is "soon"/],
		["postgres://u:secret@h/d?client_encoding=latin1", /client_encoding is "latin1"/],
		["postgres://u:secret@h/d?sslcert=a", /sslcert and sslkey go together/],
		["postgres://u:secret@h/d?sslnegotiation=direct&sslmode=prefer", /direct with sslmode prefer/],
		["postgres://u:secret@a,b/d", /"a,b" is not one host/],
		["postgres://u:secret@a:1,b:2/d", /is no host with a port/],
		["postgres://u:secret@h:0/d", /its port is "0"/],
		["postgres://u:secret@h:70000/d", /its port is "70000"/],
		["postgres://u:secret%zz@h/d", /a % that begins no character/],
		["postgres://u:secret@h/d#x", /it is none/],
		["mysql://u:secret@h/d", /it is none/],
		["postgres://u:a/secret@h/d", /"u:a" is no host with a port/],
	];
	for (const [text, message] of rows) {
		t.throws(() => readPostgresUrl(text), { code: "FLT_USAGE", message }, text);
		try {
			readPostgresUrl(text);
		} catch (error) {
			t.notMatch(String(error), "secret");
		}
	}
	t.equal(hidden("postgres://h:5432/d?options=a@b"), "postgres://h:5432/d?options=a@b");
	t.equal(
		hidden("postgres://u:a@b@h/d?sslpassword=c&password=d"),
		"postgres://u:***@h/d?sslpassword=***&password=***",
	);
});

t.test("sslmode is libpq's; without it there is TLS where certificates are named", async (t) => {
	const rows: [query: string, mode: string][] = [
		["", "disable"],
		["?sslmode=prefer", "prefer"],
		["?sslmode=require", "require"],
		["?sslmode=require&sslrootcert=f", "verify-ca"],
		["?sslmode=no-verify", "require"],
		["?sslrootcert=f", "verify-full"],
		["?ssl=true", "verify-full"],
		["?ssl=0", "disable"],
		["?sslmode=verify-full&host=/run", "disable"],
	];
	for (const [query, mode] of rows)
		t.equal(sslModeOf(readPostgresUrl(`postgres://h/d${query}`)), mode, query);
	process.env.PGSSLMODE = "allow";
	t.equal(sslModeOf(readPostgresUrl("postgres://h/d")), "allow");
	process.env.PGSSLMODE = "some";
	t.throws(() => readPostgresUrl("postgres://h/d"), { code: "FLT_USAGE", message: /PGSSLMODE/ });
	delete process.env.PGSSLMODE;
});

t.test(
	"through a proxy the server's name stays where it is verified, and only there",
	async (t) => {
		const rows: [url: string, through: string][] = [
			["postgres://u:p@h/d", "postgres://u:p@127.0.0.1:9/d"],
			["postgres://u@h/d?sslmode=require", "postgres://u@127.0.0.1:9/d?sslmode=require"],
			[
				"postgres://u@h:5/d?sslmode=verify-full&sslrootcert=/ca",
				"postgres://u@h:9/d?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=/ca",
			],
			["postgres://u@/d?host=/run&sslmode=require", "postgres://u@127.0.0.1:9/d"],
			["postgres://u@/d?host=/run&ssl=true&sslrootcert=f", "postgres://u@127.0.0.1:9/d"],
		];
		for (const [url, through] of rows) t.equal(throughProxy(url, "127.0.0.1:9"), through);
		t.equal(serverAddress("postgres://[::1]/d"), "[::1]:5432");
		t.equal(serverAddress("postgres://n:1/d?hostaddr=10.0.0.1"), "10.0.0.1:1");
		t.equal(
			inDatabase("postgres://u@h/a?sslmode=require", "b"),
			"postgres://u@h:5432/b?sslmode=require",
		);
		t.equal(placeOf("postgres://u:p@/d?host=/run"), "/run/.s.PGSQL.5432/d");
	},
);
