import { type Html, html, trusted } from "./html.ts";
import { style } from "./style.ts";

/**
 * A page that stands alone: one file, no script, nothing loaded. The policy in it holds the browser to that, even
 * where something slipped into the text.
 */
export function page({ title, foot, body }: { title: string; foot: string; body: Html }): string {
	const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
	return `<!doctype html>\n${
		html`<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(style)}</style></head>
<body>${body}
<footer>${foot}</footer></body></html>`.text
	}\n`;
}
