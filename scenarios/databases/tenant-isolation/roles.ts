import { createHmac } from "node:crypto";

/** The logins and groups of an installation, under a prefix of its own: roles belong to the whole server. */
export interface Roles {
	owner: string;
	tenants: string;
	auditor: string;
	reader: string;
	/** What an application logs in as that keeps tenants apart by itself. */
	application: string;
	tenant(id: number): string;
}

export function rolesOf(prefix: string): Roles {
	return {
		owner: `${prefix}owner`,
		tenants: `${prefix}tenants`,
		auditor: `${prefix}auditor`,
		reader: `${prefix}reader`,
		application: `${prefix}application`,
		tenant: (id) => `${prefix}tenant_${id}`,
	};
}

/** Of a role, from the one secret that the service has. */
export function passwordOf(secret: string, role: string): string {
	return createHmac("sha256", secret).update(`password of ${role}`).digest("base64url");
}

/** The URL of a database as another role. */
export function urlAs(url: string, role: string, secret: string): string {
	const as = new URL(url);
	as.username = role;
	as.password = passwordOf(secret, role);
	return as.href;
}
