import { readFileSync } from "node:fs";
import { passwordOf, type Roles } from "./roles.ts";

/** What keeps tenants apart. */
export type Isolation =
	/** Row security by who has logged in. */
	| "role"
	/** Row security by a setting of the session. */
	| "setting"
	/** Nothing in the database: the application adds a filter to what it is asked. */
	| "application";

const policyFiles: Record<Isolation, string[]> = {
	role: ["3-policies.sql"],
	setting: ["3-tenant-by-setting.sql", "3-policies.sql"],
	application: [],
};

/** The statements of a file, for roles of these names, as `psql -v owner=… -f FILE` runs them. */
export function sqlOf(file: string, roles: Roles): string {
	const names: Record<string, string> = {
		owner: roles.owner,
		tenants: roles.tenants,
		auditor: roles.auditor,
		reader: roles.reader,
	};
	const text = readFileSync(new URL(`sql/${file}`, import.meta.url), "utf8");
	return text.replace(/:"(\w+)"/g, (_, name: string) => `"${names[name]}"`);
}

/** Makes schema, roles, policies and audit, with a login for each tenant. */
export function installSql(
	roles: Roles,
	secret: string,
	isolation: Isolation,
	tenants: readonly number[],
): string[] {
	const files = ["1-roles.sql", "2-tables.sql", ...policyFiles[isolation], "4-audit.sql"];
	const login = (role: string) =>
		`alter role "${role}" login password '${passwordOf(secret, role)}'`;
	const isByRole = isolation === "role";
	return [
		// The secret has 256 bits: no guessing is made harder by rounds.
		"set scram_iterations = 1",
		...files.map((file) => sqlOf(file, roles)),
		login(roles.auditor),
		login(roles.reader),
		`create role "${roles.application}" in role "${roles.tenants}"`,
		login(roles.application),
		...(isByRole ? tenants : []).flatMap((id) => [
			`create role "${roles.tenant(id)}" in role "${roles.tenants}"`,
			login(roles.tenant(id)),
			`insert into tenancy.members values ('${roles.tenant(id)}', ${id})`,
		]),
	];
}
