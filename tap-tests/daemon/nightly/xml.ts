/** Whether a text is one well-formed element tree; what is wrong with it, or null. It knows what JUnit files use of XML. */
export function xmlProblem(text: string): string | null {
	const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
	if (body === text) return "no declaration";
	const open: string[] = [];
	let roots = 0;
	let at = 0;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML 1.0 forbids
	if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(body))
		return "a forbidden character";
	const tag = /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z]+="[^"<]*")*)\s*(\/?)>/gy;
	while (at < body.length) {
		if (body[at] !== "<") {
			const end = body.indexOf("<", at);
			const content = body.slice(at, end < 0 ? undefined : end);
			if (!entitiesOnly(content)) return `a bare & in ${content}`;
			if (open.length === 0 && content.trim() !== "") return `text outside: ${content}`;
			at += content.length;
			continue;
		}
		tag.lastIndex = at;
		const found = tag.exec(body);
		if (found === null) return `no tag at ${body.slice(at, at + 60)}`;
		const [whole, closing, name, attributes, empty] = found;
		if (!entitiesOnly(attributes!)) return `a bare & in ${attributes}`;
		const names = [...attributes!.matchAll(/([a-zA-Z]+)="/g)].map(([, attribute]) => attribute);
		if (new Set(names).size < names.length) return `an attribute twice in ${whole}`;
		if (closing) {
			if (open.pop() !== name) return `${whole} closes what is not open`;
		} else {
			if (open.length === 0) roots++;
			if (!empty) open.push(name!);
		}
		at += whole.length;
	}
	if (open.length > 0) return `${open.join(", ")} stays open`;
	return roots === 1 ? null : `${roots} roots`;
}

function entitiesOnly(text: string): boolean {
	return !text.replaceAll(/&(amp|lt|gt|quot|apos|#\d+);/g, "").includes("&");
}
