import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import t from "tap";
import { addressOf, readingSocket } from "../../../load/wire/socket.ts";

const fixture = (name: string) =>
	readFileSync(
		fileURLToPath(new URL(`../fixtures/localhost-${name}.pem`, import.meta.url)),
		"utf8",
	);
const [cert, key] = [fixture("cert"), fixture("key")];

// In TLS 1.3 the alert comes when requests are being written already: of 100 clients that were refused so, 12 waited for ever.
t.test(
	"a socket whose server refuses it by an alert closes, also in the midst of a write",
	async (t) => {
		const options = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true };
		const server = tls.createServer(options).on("tlsClientError", () => {});
		t.teardown(() => server.close());
		await once(server.listen(0, "127.0.0.1"), "listening");
		const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}`);
		const context = tls.createSecureContext({ ca: cert });
		const closed = Array.from({ length: 50 }, async () => {
			const address = addressOf(url, 0, { protocols: [], context });
			const onConnected = () => {
				if (socket.writable) socket.write("a request", () => setImmediate(onConnected));
			};
			const socket = readingSocket(address, { onConnected, onBytes: () => {} });
			const errors: Error[] = [];
			socket.on("error", (error) => errors.push(error));
			await new Promise((resolve) => socket.once("close", resolve));
			return errors.length;
		});
		t.same(new Set(await Promise.all(closed)), new Set([1]), "each tells why");
	},
);
