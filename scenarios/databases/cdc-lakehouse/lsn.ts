// A position in the write-ahead log, as Postgres prints it ("1/6B3C2F8") and as a number. A number is exact up to 8 PiB of log.

export function lsnOf(text: string): number {
	const [, high, low] = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(text) ?? [];
	if (high === undefined || low === undefined) throw new Error(`"${text}" is no LSN`);
	return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16);
}

export function lsnText(lsn: number): string {
	const high = Math.floor(lsn / 2 ** 32);
	return `${high.toString(16).toUpperCase()}/${(lsn % 2 ** 32).toString(16).toUpperCase()}`;
}
