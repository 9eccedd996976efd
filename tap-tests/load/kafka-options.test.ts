import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import t from "tap";
import { kafkaOptions } from "../../load/kafka-options.ts";

t.test("who it is, and whom it trusts, is told to the library", async (t) => {
	const sasl = { mechanism: "scram-sha-512", username: "me", password: "p" } as const;
	const tls = { ca: "CA", cert: "CERT", key: "KEY" };
	const options = (security: Parameters<typeof kafkaOptions>[0]["security"]) =>
		kafkaOptions({ brokers: ["h:1"], security: security ?? null });
	t.match(options({ sasl, tls }), { sasl, ssl: tls });
	t.same(options({ sasl: null, tls: { ca: "CA", cert: null, key: null } }).ssl, { ca: "CA" });
	t.same(options({ sasl: null, tls: { ca: null, cert: null, key: null } }).ssl, {});
	t.equal(options({ sasl: null, tls }).sasl, undefined);
	t.equal(options({ sasl, tls: null }).ssl, undefined, "in plain text");
	t.same([options(null).sasl, options(null).ssl], [undefined, undefined]);
});

t.test("brokers are connected to where they are, IPv6 addresses too", async (t) => {
	for (const host of ["127.0.0.1", "::1"]) {
		const server = net.createServer((socket) => socket.end()).listen(0, host);
		await once(server, "listening");
		t.teardown(() => server.close());
		const { port } = server.address() as AddressInfo;
		const shown = host.includes(":") ? `[${host}]` : host;
		const { brokers, socketFactory } = kafkaOptions({ brokers: ["h:1", `${shown}:${port}`] });
		// As the library takes them apart.
		const [name, itsPort] = (brokers as string[])[1]!.split(":") as [string, string];
		const at = { host: name, port: Number(itsPort) };
		const heard = once(server, "connection");
		const socket = socketFactory!({ ...at, ssl: undefined as never, onConnect: () => {} });
		t.teardown(() => socket.destroy());
		await heard;
		const advertised = once(server, "connection");
		const other = socketFactory!({ host, port, ssl: undefined as never, onConnect: () => {} });
		t.teardown(() => other.destroy());
		await advertised;
		t.pass(`${host}, and one that the cluster has named itself`);
	}
});
