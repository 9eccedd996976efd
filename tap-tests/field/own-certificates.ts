import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files that `openssl` makes in a folder: two authorities, a server `localhost` and a client of the first of them. */
export interface Certificates {
	ca: string;
	otherCa: string;
	server: { cert: string; key: string };
	client: { cert: string; key: string };
}

function openssl(folder: string, ...args: string[]): void {
	const { status, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
	if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
}

const newKey = (name: string) => ["-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`];

export function makeCertificates(folder: string, clientName: string): Certificates {
	for (const name of ["ca", "other"])
		openssl(
			folder,
			...[
				"req",
				"-x509",
				...newKey(name),
				"-days",
				"2",
				"-out",
				`${name}.pem`,
				"-subj",
				`/CN=${name}`,
			],
		);
	const signed = (name: string, subject: string) => {
		openssl(folder, "req", ...newKey(name), "-out", `${name}.csr`, "-subj", `/CN=${subject}`);
		writeFileSync(join(folder, `${name}.ext`), `subjectAltName=DNS:${subject}\n`);
		openssl(
			folder,
			...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key"],
			...["-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`, "-out", `${name}.pem`],
		);
		return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
	};
	return {
		ca: join(folder, "ca.pem"),
		otherCa: join(folder, "other.pem"),
		server: signed("server", "localhost"),
		client: signed("client", clientName),
	};
}
