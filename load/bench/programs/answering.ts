import { createServer } from "node:net";

// A server that answers every request at once, and says on stdout where it listens and when the first request came; with
// `--times` also, at SIGTERM, how many ms after the first request it gave each answer.

const answer = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
const answeredMs: number[] | null = process.argv.includes("--times") ? [] : null;
let asked = false;
let firstMs = 0;
const server = createServer({ noDelay: true }, (socket) => {
	socket.on("error", () => {});
	socket.on("data", (bytes) => {
		if (!asked) {
			console.log("asked");
			firstMs = performance.now();
		}
		asked = true;
		for (let at = bytes.indexOf("\r\n\r\n"); at !== -1; at = bytes.indexOf("\r\n\r\n", at + 1)) {
			socket.write(answer);
			answeredMs?.push(performance.now() - firstMs);
		}
	});
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())));
process.once("SIGTERM", () => {
	if (answeredMs !== null) console.log(JSON.stringify(answeredMs));
	process.exit();
});
