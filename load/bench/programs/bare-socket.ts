import { connect } from "node:net";

// The floor of any HTTP loop on Node's sockets: 64 connections that write a request and, at whatever comes back, the
// next. No parsing, no clock, no recording. Prints answers per second of processor time.

const [url = "", seconds = "10"] = process.argv.slice(2);
const { hostname: host, port } = new URL(url);
const request = `GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nUser-Agent: faultline\r\n\r\n`;
let answers = 0;
let over = false;
const sockets = Array.from({ length: 64 }, () => {
	const socket = connect({
		host,
		port: Number(port),
		noDelay: true,
		onread: {
			buffer: Buffer.allocUnsafeSlow(65_536),
			callback() {
				answers++;
				if (!over) socket.write(request, "latin1");
				return true;
			},
		},
	});
	socket.once("connect", () => socket.write(request, "latin1"));
	return socket;
});
setTimeout(() => {
	over = true;
	const { user, system } = process.cpuUsage();
	console.log(answers / ((user + system) / 1e6));
	for (const socket of sockets) socket.destroy();
}, Number(seconds) * 1000);
