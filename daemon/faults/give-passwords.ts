import type { Ledger, LedgerEntry } from "../../chaos/ledger.ts";
import type { Home } from "../home/home.ts";
import { readRecord } from "../stack/record.ts";
import { secretOf } from "../stack/secrets.ts";

const services = ["postgres", "redis"] as const;

/**
 * Gives the passwords of this home's services to faults that an earlier version planned, which needed none: else nobody
 * could heal them. What leads elsewhere, or has a password, stays as it is.
 */
export function givePasswords(ledger: Pick<Ledger, "pending" | "record">, home: Home): void {
	for (const entry of ledger.pending) {
		const undo = Object.fromEntries(
			Object.entries(entry.undo).map(([name, value]) => [name, withPassword(value, home)]),
		) as LedgerEntry["undo"];
		if (JSON.stringify(undo) !== JSON.stringify(entry.undo)) ledger.record({ ...entry, undo });
	}
}

function withPassword(value: unknown, home: Home): unknown {
	if (typeof value !== "string" || !URL.canParse(value)) return value;
	const url = new URL(value);
	const service = services.find((id) => url.protocol === `${id}:`);
	if (service === undefined || url.password !== "") return value;
	if (url.host !== `127.0.0.1:${readRecord(home, service).ports.direct}`) return value;
	url.username = service === "postgres" ? "postgres" : "default";
	url.password = secretOf(home, service);
	return url.href;
}
