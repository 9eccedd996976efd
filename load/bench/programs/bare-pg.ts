import pg from "pg";

// The floor of any loop on `pg`: 8 connections, a prepared point select after another, awaited. Prints selects per
// second of processor time.

const [connectionString = "", seconds = "10"] = process.argv.slice(2);
const query = { name: "point", text: "select abalance from pgbench_accounts where aid = $1" };
let selects = 0;
let over = false;
const clients = await Promise.all(
	Array.from({ length: 8 }, async () => {
		const client = new pg.Client({ connectionString });
		await client.connect();
		return client;
	}),
);
setTimeout(() => {
	over = true;
}, Number(seconds) * 1000);
await Promise.all(
	clients.map(async (client) => {
		while (!over) {
			await client.query({ ...query, values: [String(1 + Math.floor(Math.random() * 100_000))] });
			selects++;
		}
		await client.end();
	}),
);
const { user, system } = process.cpuUsage();
console.log(selects / ((user + system) / 1e6));
