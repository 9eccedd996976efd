/**
 * The twin's way to keep tenants apart: the application puts a filter into what it is asked. It finds the tables by their
 * names, as such code does.
 */
export function filtered(text: string, tenant: number): string {
	return text.replace(
		/\bshop\.(customers|orders)\b(?!\s*(?:set|values|\())/g,
		(_, table: string) => `(select * from shop.${table} where tenant_id = ${tenant}) as ${table}`,
	);
}
