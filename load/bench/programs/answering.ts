import { createServer } from "node:net";

// A server that answers every request at once, and says on stdout where it listens and when the first request came.

const answer = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
let asked = false;
const server = createServer({ noDelay: true }, (socket) => {
	socket.on("error", () => {});
	socket.on("data", (bytes) => {
		if (!asked) console.log("asked");
		asked = true;
		for (let at = bytes.indexOf("\r\n\r\n"); at !== -1; at = bytes.indexOf("\r\n\r\n", at + 1))
			socket.write(answer);
	});
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())));
