import { copyFileSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const filesMax = 2_000;
const bytesMax = 32 * 2 ** 20;

/** As it stands in an address, and never a path. */
export const keptNamePattern = /^[a-z0-9][a-z0-9_-]{0,63}$/i;
export const keptFilePattern = /^[a-z0-9][a-z0-9._-]{0,99}$/i;

/**
 * Keeps the files of a folder, without those of folders in it, and beside them what is given as text: name → text. A folder
 * that is not there has none. What is no plain file, or has a name that begins with a point, is left out.
 */
export function keepFiles(
	into: string,
	folder: string,
	texts: Readonly<Record<string, string>>,
): void {
	const plain = filesIn(folder);
	const names = [...plain.map(({ name }) => name), ...Object.keys(texts)];
	const odd = names.find((name) => !keptFilePattern.test(name));
	if (odd !== undefined) throw new Error(`"${odd}" is no name that a file can be kept by`);
	const bytes = [
		...plain.map(({ bytes }) => bytes),
		...Object.values(texts).map((text) => Buffer.byteLength(text)),
	].reduce((a, b) => a + b, 0);
	if (names.length > filesMax || bytes > bytesMax)
		throw new Error(
			`${names.length} files of ${bytes} bytes are more than is kept: ${filesMax} of ${bytesMax} together`,
		);
	mkdirSync(into, { recursive: true });
	for (const { name } of plain) copyFileSync(join(folder, name), join(into, name));
	for (const [name, text] of Object.entries(texts)) writeFileSync(join(into, name), text);
}

function filesIn(folder: string): { name: string; bytes: number }[] {
	return namesIn(folder).flatMap((name) => {
		const file = lstatSync(join(folder, name));
		return file.isFile() && !name.startsWith(".") ? [{ name, bytes: file.size }] : [];
	});
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder).sort();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
		throw error;
	}
}
