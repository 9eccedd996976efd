import net from "node:net";
import { codeOf, FaultlineError } from "./errors.ts";
import { commandOf, listenersOn } from "./listeners.ts";

/** Throws `FLT_PORT_TAKEN`, naming the holder where the system tells, when nobody else can listen there. */
export async function claimablePort(port: number, host: string, whatToDo: string): Promise<void> {
	if (port === 0) return;
	const error = await new Promise<unknown>((resolve) => {
		const server = net.createServer();
		server.once("error", resolve);
		server.listen({ port, host }, () => server.close(() => resolve(null)));
	});
	if (error === null) return;
	if (codeOf(error) !== "EADDRINUSE") throw error;
	throw new FaultlineError(
		"FLT_PORT_TAKEN",
		`port ${port} on ${host} is taken by ${await holderOf(port)}`,
		whatToDo,
	);
}

/** "pid 123 (node)" of the process that listens there, where /proc tells. */
async function holderOf(port: number): Promise<string> {
	const [holder] = await listenersOn(port).catch(() => []);
	return holder === undefined ? "another process" : `pid ${holder.pid} (${commandOf(holder.pid)})`;
}
