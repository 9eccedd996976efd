import t from "tap";
import { html, trusted } from "../../../daemon/report/html.ts";
import { page } from "../../../daemon/report/page.ts";

t.test("what is put into a template stays text, also inside an attribute", (t) => {
	const evil = `<script>alert("x")</script>' & more`;
	const { text } = html`<p title="${evil}">${evil}</p>`;
	t.notMatch(text, /<script|"x"|' /);
	t.equal(text.match(/&#60;script&#62;alert\(&#34;x&#34;\)/g)?.length, 2);
	t.end();
});

t.test("control characters of a service are shown as what they are", (t) => {
	t.equal(html`<p>${"\x1b[31mred\x07"}</p>`.text, "<p>\\u001b[31mred\\u0007</p>");
	t.end();
});

t.test("HTML stays HTML, lists are joined, and nothing is shown of nothing", (t) => {
	const items = ["a", html`<b>b</b>`, null, false as const, 0];
	t.equal(html`<i>${items}</i>${null}${trusted("<hr>")}`.text, "<i>a<b>b</b>0</i><hr>");
	t.end();
});

t.test("a page refuses to load anything, whatever got into it", (t) => {
	const text = page({ title: "<t>", foot: "f", body: html`<p>b</p>` });
	t.match(
		text,
		/Content-Security-Policy" content="default-src &#39;none&#39;|content="default-src 'none'/,
	);
	t.match(text, "<title>&#60;t&#62;</title>");
	t.notMatch(text, /https?:|<script|@import|url\(/);
	t.match(text, "prefers-color-scheme: dark");
	t.end();
});
