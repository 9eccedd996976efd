// Colours after Okabe and Ito, which colour-blind people tell apart; lighter ones in the dark. Red and green are never
// the only difference: signs, words and dashes say the same.
const light = `
	--page: #ffffff; --card: #f4f5f7; --text: #1c1e21; --soft: #565b63; --line: #dcdfe4;
	--blue: #0067a5; --red: #c64a00; --green: #007a5a; --purple: #9b4f86; --grey: #7d838c;
	--band: rgba(230, 159, 0, .2); --fault: #e69f00; --good: #00664b; --bad: #b03a00; --warn: #8a5a00;
`;
const dark = `
	--page: #16181c; --card: #202329; --text: #e7e9ec; --soft: #a6acb6; --line: #363a42;
	--blue: #63b8f0; --red: #ff8a47; --green: #35c79b; --purple: #dc98c4; --grey: #8d949f;
	--band: rgba(240, 190, 80, .17); --fault: #d99a1c; --good: #4fd1a8; --bad: #ff9a62; --warn: #f0c24f;
`;

/** The style sheet of every page: one column, the reader's own fonts, as wide as is pleasant to read. */
export const style = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
	margin: 0 auto; padding: 24px 20px 48px; max-width: 920px; background: var(--page); color: var(--text);
	font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 26px; line-height: 1.25; margin: 4px 0 8px; }
h2 { font-size: 18px; margin: 36px 0 10px; }
h2.case { font-size: 22px; margin-top: 52px; padding-top: 16px; border-top: 2px solid var(--line); }
h3 { font-size: 15px; margin: 20px 0 4px; }
p { margin: 6px 0; }
a { color: var(--blue); }
.eyebrow, .note, .legend { color: var(--soft); font-size: 13px; }
.question { font-size: 16px; color: var(--soft); }
code, pre, .code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 13px; }
pre { background: var(--card); padding: 12px; border-radius: 6px; white-space: pre-wrap; margin: 8px 0; }
.verdict { border-left: 6px solid var(--line); background: var(--card); border-radius: 6px; padding: 14px 18px; margin: 16px 0; }
.verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--bad); } .verdict.warn { border-color: var(--warn); }
.verdict h1 .good, .badge.good { color: var(--good); } .badge.bad { color: var(--bad); } .badge.warn { color: var(--warn); }
.badge { font-weight: 600; white-space: nowrap; } .verdict .badge { white-space: normal; }
.verdict ul { margin: 6px 0; padding-left: 20px; }
.numbers { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px; margin: 14px 0; }
.numbers div { background: var(--card); border-radius: 6px; padding: 10px 14px; }
.numbers b { display: block; font-size: 22px; font-variant-numeric: tabular-nums; }
.numbers span { color: var(--soft); font-size: 13px; }
dl { margin: 8px 0; }
dl div { display: grid; grid-template-columns: 190px 1fr; gap: 4px 16px; padding: 5px 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); } dd { margin: 0; }
table { width: 100%; border-collapse: collapse; font-size: 14px; margin: 8px 0; }
th { text-align: left; font-weight: 600; font-size: 13px; color: var(--soft); vertical-align: bottom; overflow-wrap: normal; }
th, td { padding: 6px 18px 6px 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.wide { width: 38%; }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--soft); }
.chart { margin: 2px 0 8px; } .chart svg { display: block; max-width: 100%; height: auto; }
.chart .narrow { display: none; }
.legend { margin: 2px 0 0; } .legend span { display: inline-block; margin-right: 16px; } .legend svg { vertical-align: middle; }
.lanes text { font: 12px system-ui, sans-serif; fill: var(--text); }
.lanes .phase0 { fill: var(--card); } .lanes .phase1 { fill: var(--line); }
.lanes .fault { fill: var(--fault); } .lanes .fault-tail { fill: var(--fault); opacity: .45; }
.lanes .alert { stroke: var(--purple); stroke-width: 2; fill: none; } .lanes .alert-mark { fill: var(--purple); }
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
@media (max-width: 700px) {
	body { padding: 14px 14px 36px; }
	h1 { font-size: 22px; }
	.chart .wide { display: none; } .chart .narrow { display: block; } .chart svg { width: 100%; max-width: 480px; }
	thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
	table, tbody, tr, td { display: block; }
	tr { padding: 8px 0; border-bottom: 1px solid var(--line); }
	td, td.num { display: grid; grid-template-columns: 110px 1fr; gap: 10px; border: 0; padding: 2px 0; text-align: left; white-space: normal; }
	td::before { content: attr(data-label); color: var(--soft); font: 13px/1.6 system-ui, sans-serif; }
	table.many tr { display: grid; grid-template-columns: repeat(auto-fit, minmax(74px, 1fr)); gap: 6px 8px; }
	table.many td, table.many td.num { display: block; padding: 0; } table.many td:first-child, table.many td.wide { grid-column: 1 / -1; }
	table.many td.broad { grid-column: span 2; }
	table.many td::before { display: block; font-size: 12px; line-height: 1.3; } table.many td:first-child::before, table.many td.wide::before { content: none; }
	dl div { grid-template-columns: 110px 1fr; }
}
@media print { .verdict, .numbers div, pre { border: 1px solid var(--line); } h2 { break-after: avoid; } .chart { break-inside: avoid; } }
`;
