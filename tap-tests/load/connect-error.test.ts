import t from "tap";
import { cantConnect } from "../../load/connect-error.ts";

const failed = (code: string, message = `connect ${code} 127.0.0.1:7`) =>
	Object.assign(new Error(message), { code });

t.test(
	"that this process may open no more files is told as its own limit, with ulimit",
	async (t) => {
		const causes = [
			failed("EMFILE"),
			failed("ENFILE"),
			new AggregateError([failed("ECONNREFUSED"), failed("EMFILE")]),
		];
		for (const cause of causes)
			t.match(cantConnect("http://h:80", { count: 500, secure: false }, cause), {
				code: "FLT_COMPONENT_LOST",
				message:
					/^500 connections to http:\/\/h:80 can't be made: this process may open no more files/,
				hint: /ulimit -n 544/,
				cause,
			});
	},
);

t.test("why a connection can't be made is told with what to do", async (t) => {
	const rows: [cause: Error, message: RegExp, hint: RegExp][] = [
		[failed("ECONNREFUSED"), /ECONNREFUSED/, /^start the service, or correct the endpoint$/],
		[failed("ENOTFOUND"), /the host's name does not resolve/, /correct the name/],
		[failed("EAI_AGAIN"), /the host's name does not resolve/, /resolver/],
		[failed("ENOENT"), /ENOENT/, /socket's path/],
		[failed("SELF_SIGNED_CERT_IN_CHAIN", "self-signed"), /self-signed/, /--ca FILE/],
		[failed("ERR_SSL_WRONG_VERSION_NUMBER"), /./, /speaks TLS there/],
		[failed("", "NOAUTH Authentication required."), /NOAUTH/, /redis:\/\/:PASSWORD@HOST/],
		[failed("", "WRONGPASS no"), /WRONGPASS/, /correct user, password or database/],
		[new DOMException("10 s", "TimeoutError"), /no answer in time \(10 s\)/, /without TLS/],
	];
	for (const [cause, message, hint] of rows)
		t.match(cantConnect("h:7", { count: 1, secure: false }, cause), {
			code: "FLT_COMPONENT_MISSING",
			message: new RegExp(`^a connection to h:7 can't be made: .*${message.source}`),
			hint,
		});
});
