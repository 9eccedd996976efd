import { existsSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { FaultlineError } from "../../base/errors.ts";
import { forTerminal } from "../../base/terminal.ts";

/** In what form results are wanted. */
export interface FormFlags {
	json?: boolean;
	tap?: boolean;
	junit?: string;
	html?: string;
}

/** The forms beside text and JSON. */
export function withForms(command: Command, what: string): Command {
	return command
		.option("--tap", `${what} as TAP on stdout`)
		.option("--junit <file>", `${what} as JUnit XML as well`);
}

/** A file that can't be written is told before hours are spent. */
export function checkFiles({ junit, html }: FormFlags): void {
	for (const [flag, file] of Object.entries({ "--junit": junit, "--html": html })) {
		if (file === undefined || existsSync(dirname(resolve(file)))) continue;
		throw new FaultlineError(
			"FLT_USAGE",
			`${flag} is "${file}"; there is no folder ${dirname(resolve(file))}`,
			"make it, or name another file",
		);
	}
}

/** Writes the document in every form that was asked for; on standard output in one, text if nothing else. */
export function writeForms<T>(
	document: T,
	flags: FormFlags,
	forms: Record<"text" | "tap" | "junit", (document: T) => string> & {
		html?(document: T): string;
	},
): void {
	if (flags.junit !== undefined) writeFileSync(flags.junit, forms.junit(document));
	if (flags.html !== undefined && forms.html) writeFileSync(flags.html, forms.html(document));
	writeDocument(document, flags, flags.tap ? forms.tap : forms.text);
}

/** The document on standard output: as JSON where that was asked for. */
export function writeDocument<T>(
	document: T,
	{ json }: Pick<FormFlags, "json">,
	asText: (document: T) => string,
): void {
	process.stdout.write(forTerminal(json ? `${JSON.stringify(document)}\n` : asText(document)));
}
