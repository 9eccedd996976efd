import { once } from "node:events";
import net from "node:net";
import t from "tap";
import { redisAddressOf } from "../../../load/redis-url.ts";
import { RedisWireClient } from "../../../load/wire/redis-client.ts";
import type { Command } from "../../../load/wire/redis-connection.ts";
import { encodeCommand } from "../../../load/wire/resp.ts";

t.test(
	"what the replies of one read start goes out together, on the connection they came by",
	async (t) => {
		/** Commands that each connection has received. */
		const received: number[] = [];
		const sockets: net.Socket[] = [];
		const server = net.createServer((socket) => {
			const place = sockets.push(socket) - 1;
			received.push(0);
			socket.on("data", (bytes) => {
				received[place]! += String(bytes).split("PING").length - 1;
				server.emit("received");
			});
		});
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		t.teardown(() => server.close());
		const { port } = server.address() as net.AddressInfo;
		const client = new RedisWireClient(redisAddressOf(`redis://127.0.0.1:${port}`), 2);
		t.teardown(() => client.close());
		await client.open(AbortSignal.timeout(10_000));

		let replies = 0;
		const start = (again: boolean) => {
			const command: Command = {
				text: encodeCommand(["PING"]),
				keep: false,
				connection: null,
				answered() {
					replies++;
					if (again) start(false);
				},
				refused: t.error,
				failed: () => {},
			};
			client.start(command);
		};
		for (let n = 0; n < 6; n++) start(true);
		const sum = () => received.reduce((a, b) => a + b, 0);
		while (sum() < 6) await once(server, "received");
		t.same(received, [3, 3], "at first they are spread");

		sockets[0]!.write("+PONG\r\n+PONG\r\n");
		while (sum() < 8) await once(server, "received");
		t.same(received, [5, 3]);
		t.equal(replies, 2);
	},
);
