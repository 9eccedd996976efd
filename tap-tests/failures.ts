/** Prints each failed assertion with its diagnostics, and the sentence of the test it belongs to. */
export class Failures {
	#diagnostics: string | null = null;

	see(line: string): void {
		if (/^\s*# Subtest: /.test(line)) return;
		if (/^\s+not ok \d+/.test(line)) {
			console.log(line);
			return;
		}
		if (/^\s+---$/.test(line)) this.#diagnostics = line;
		if (this.#diagnostics !== null) console.log(line);
		if (/^\s+\.\.\.$/.test(line)) this.#diagnostics = null;
	}
}
