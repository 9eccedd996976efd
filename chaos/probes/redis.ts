import type { ProbeConnect } from "../probe.ts";
import { openRedisWire } from "../redis/redis-wire.ts";

const connect: ProbeConnect<"redis"> = async (at) => {
	const wire = await openRedisWire(at.url);
	return {
		roundTrip: async ({ statement = "PING", sentBytes = 0, receivedBytes = 0 }) => {
			const bytes = Math.max(sentBytes, receivedBytes); // what PING is given it gives back
			if (bytes === 0) return void (await wire.ask(statement));
			const payload = `$${bytes}\r\n${"x".repeat(bytes)}\r\n`;
			const whole = (answer: Buffer) =>
				answer.length >= payload.length || (answer[0] !== payload.charCodeAt(0) && hasLine(answer));
			await wire.bare.ask(Buffer.from(`*2\r\n$4\r\nPING\r\n${payload}`), whole);
		},
		socket: wire.bare.socket,
		destroy: wire.bare.destroy,
	};
};

function hasLine(answer: Buffer): boolean {
	return answer.includes("\r\n");
}

export default connect;
