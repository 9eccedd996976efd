import type { ProbeConnect } from "../probe.ts";
import { openSocket } from "../probe-socket.ts";

const connect: ProbeConnect<"redis"> = async (at) => {
	const { hostname, port } = new URL(at.url);
	const { ask, socket, destroy } = await openSocket(hostname, Number(port || 6379));
	return {
		roundTrip: async ({ sentBytes = 0, receivedBytes = 0 }) => {
			const bytes = Math.max(sentBytes, receivedBytes); // what PING is given it gives back
			if (bytes === 0) return void (await ask(Buffer.from("PING\r\n"), hasLine));
			const payload = `$${bytes}\r\n${"x".repeat(bytes)}\r\n`;
			const whole = (answer: Buffer) =>
				answer.length >= payload.length || (answer[0] !== payload.charCodeAt(0) && hasLine(answer));
			await ask(Buffer.from(`*2\r\n$4\r\nPING\r\n${payload}`), whole);
		},
		socket,
		destroy,
	};
};

function hasLine(answer: Buffer): boolean {
	return answer.includes("\r\n");
}

export default connect;
