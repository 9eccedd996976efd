import type { FastifyReply, FastifyRequest } from "fastify";
import { html, trusted } from "../report/html.ts";

/**
 * Answers a navigation to a call that starts something with what would start, and a button. Who opened the address may
 * have typed it, or followed a link that led here; the button is a POST from a page of ours, which no link can make.
 */
export function askFirst(request: FastifyRequest, reply: FastifyReply): FastifyReply {
	const { url } = request;
	const given = Object.entries((request.query ?? {}) as Record<string, unknown>);
	const rows = given
		.slice(0, shownMax)
		.map(([name, value]) => html`<tr><th>${cut(name)}</th><td>${cut(String(value))}</td></tr>`);
	const { summary = "" } = (request.routeOptions.schema ?? {}) as { summary?: string };
	const body = html`<html lang="en"><head><meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Start it? – Faultline</title>
<style>${trusted(style)}</style></head>
<body><h1>Start it?</h1>
<p><code>POST ${cut(url.split("?", 1)[0]!)}</code></p>
<p>${summary}</p>
<table>${rows}</table>
<form method="post" action="${url}"><button>Start</button></form>
<p>Nothing has started yet, for a link may have led here. Programs such as curl start it at once.</p>
</body></html>`;
	return reply.type("text/html; charset=utf-8").send(`<!doctype html>\n${body.text}\n`);
}

const shownMax = 50;
const style =
	"body{font:1rem/1.5 system-ui;margin:3rem auto;max-width:42rem}th{text-align:left;padding-right:2rem}";

function cut(text: string): string {
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
