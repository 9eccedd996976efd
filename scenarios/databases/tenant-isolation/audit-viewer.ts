import http from "node:http";
import { parseArgs } from "node:util";
import { connectPostgres } from "faultline/subject";
import { type AuditLine, auditPage, auditText } from "./audit-text.ts";

// What each tenant has asked, from the newest on: as text, or as a page on loopback.
// `node audit-viewer.ts --database postgres://reader:…@…/… [--tenant 7] [--about orders] [--lines 50] [--serve 8080]`

const { values } = parseArgs({
	options: {
		database: { type: "string" },
		tenant: { type: "string" },
		about: { type: "string" },
		lines: { type: "string", default: "50" },
		serve: { type: "string" },
	},
});
const { database, serve } = values;
if (database === undefined)
	throw new Error(
		"audit-viewer.ts --database postgres://reader:…@host/name [--tenant N] [--about WORD] [--lines N] [--serve PORT]",
	);

const client = await connectPostgres(database);

/** Of these, null is of all. */
async function read(
	tenant: number | null,
	about: string | null,
	lines: number,
): Promise<AuditLine[]> {
	const { rows } = await client.query<AuditLine>(
		`select id::text, at::text, tenant_id as tenant, request, statement from audit.statements
		where ($1::integer is null or tenant_id = $1) and ($2::text is null or strpos(statement, $2) > 0)
		order by id desc limit $3`,
		[tenant, about, lines],
	);
	return rows;
}

const numberOr = (text: string | undefined | null) =>
	text == null || text === "" ? null : Number(text);
const lines = Number(values.lines);

if (serve === undefined) {
	console.log(auditText(await read(numberOr(values.tenant), values.about ?? null, lines)));
	await client.end();
} else {
	http
		.createServer((request, response) => {
			const { searchParams } = new URL(request.url ?? "/", "http://localhost");
			const tenant = numberOr(searchParams.get("tenant"));
			read(tenant, searchParams.get("about") || null, lines).then(
				(found) =>
					response
						.writeHead(200, {
							"content-type": "text/html; charset=utf-8",
							"content-security-policy":
								"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
						})
						.end(auditPage(found, tenant, searchParams.get("about") ?? "")),
				(error: unknown) =>
					response.writeHead(500, { "content-type": "text/plain" }).end(String(error)),
			);
		})
		.listen(Number(serve), "127.0.0.1", function (this: http.Server) {
			const address = this.address();
			console.log(`http://127.0.0.1:${typeof address === "object" ? address?.port : serve}/`);
		});
}
