import { postgresConfigs } from "faultline/subject";
import pg from "pg";

/** A pool whose broken idle connections are dropped in silence: the next use makes a new one, or fails. */
export function poolAt(
	url: string,
	options: Pick<pg.PoolConfig, "max" | "connectionTimeoutMillis">,
) {
	const pool = new pg.Pool({ ...postgresConfigs(url)[0], ...options });
	pool.on("error", () => {});
	pool.on("connect", (client) => void client.on("error", () => {}));
	return pool;
}

/**
 * Lends a connection. One that failed is not used again; and where `signal` gives the try up, the connection is cut, so
 * that a black hole does not keep it.
 */
export async function withConnection<T>(
	pool: pg.Pool,
	signal: AbortSignal | null,
	action: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
	const client = await pool.connect();
	let returned = false;
	const giveBack = (broken: boolean) => {
		if (returned) return;
		returned = true;
		client.release(broken);
	};
	const cut = () => giveBack(true);
	signal?.addEventListener("abort", cut);
	try {
		signal?.throwIfAborted();
		const result = await action(client);
		giveBack(false);
		return result;
	} catch (error) {
		giveBack(true);
		throw error;
	} finally {
		signal?.removeEventListener("abort", cut);
	}
}

/** Reaches both ends once, and keeps the connections. */
export async function reach(pools: readonly pg.Pool[], ordersUrl: string): Promise<void> {
	const kept = 4;
	await Promise.all([
		...pools.flatMap((pool) => Array.from({ length: kept }, () => pool.query("select 1"))),
		fetch(ordersUrl).then((answer) => answer.arrayBuffer()),
	]);
}
