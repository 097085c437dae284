import { DARK, FONT, LIGHT } from './theme.js';
import type { Palette } from './theme.js';

const variables = (palette: Palette): string =>
  (['paper', 'shade', 'ink', 'muted', 'hairline', 'accent', 'gain', 'loss', 'alarm'] as const)
    .map(role => `--${role}:${palette[role]}`)
    .join(';');

/** The page around the charts: three sizes of one typeface, a 12-column grid, white space instead of boxes. */
export const pageStyle = (): string => `
:root{color-scheme:light;${variables(LIGHT)}}
@media screen{
@media (prefers-color-scheme:dark){:root:not([data-scheme=light]){color-scheme:dark;${variables(DARK)}}}
:root[data-scheme=dark]{color-scheme:dark;${variables(DARK)}}
}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:13px/1.5 ${FONT};font-variant-numeric:tabular-nums lining-nums;-webkit-text-size-adjust:100%;scroll-padding-top:56px}
body{margin:0}
.bar{position:sticky;top:0;z-index:5;background:var(--paper);border-bottom:1px solid var(--hairline)}
.bar>div,main{max-width:1280px;margin:0 auto;padding:0 32px}
.bar>div{display:flex;align-items:center;gap:22px;height:44px;font-size:13px}
.bar nav{display:flex;gap:18px;overflow:auto;scrollbar-width:none;flex:1}
.bar a{color:var(--muted);text-decoration:none;white-space:nowrap}
.bar a:hover{color:var(--ink)}
button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.scheme{color:var(--muted);white-space:nowrap;padding:8px 0}
.scheme:hover{color:var(--ink)}
.synthetic{background:var(--alarm);color:var(--paper);font-size:13px;font-weight:600}
.synthetic p{max-width:1280px;margin:0 auto;padding:6px 32px}
header{padding:34px 0 6px}
h1{font-size:28px;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 6px}
header .sub{color:var(--muted);font-size:13px;margin:0}
header .verdict{max-width:84ch;margin:16px 0 0;font-size:19px;line-height:1.4;text-wrap:pretty}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:26px 24px;margin:28px 0 36px;padding:0}
.tile{margin:0;border-top:2px solid var(--ink);padding-top:9px;display:flex;flex-direction:column}
.tile dt{font-size:13px;color:var(--muted)}
.tile .figure{font-size:28px;line-height:1.25;font-weight:600;letter-spacing:-.02em;margin:0;overflow-wrap:anywhere}
.tile .detail{font-size:13px;line-height:1.4;color:var(--muted);margin:2px 0 0}
.gain{color:var(--gain)}.loss{color:var(--loss)}.alarm{color:var(--alarm)}
section{margin:0 0 52px}
section>h2{font-size:19px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:0 0 4px;padding-top:20px;border-top:1px solid var(--hairline)}
section>.lead{color:var(--muted);margin:0 0 20px;max-width:110ch}
section.first>h2{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);padding:0;border:0}
section.first>.lead{display:none}
.grid{display:grid;grid-template-columns:repeat(12,minmax(0,1fr));gap:34px 32px;margin-top:14px}
.grid>*{grid-column:span 12;min-width:0;margin:0}
.grid>.half{grid-column:span 6}
figure{position:relative}
.plot{width:100%;overflow:hidden}
.plot:empty::before{content:"Drawing…";display:block;padding-top:60px;text-align:center;color:var(--muted);font-size:13px}
.plot svg{display:block}
.failed{border:1px dashed var(--hairline);padding:28px;text-align:center;color:var(--muted);font-size:13px}
figcaption{font-size:13px;color:var(--muted);max-width:90ch;margin-top:4px}
.paper-plot{display:none}
.scroll{overflow-x:auto;max-width:100%;position:relative;background:linear-gradient(to right,var(--paper) 40%,transparent) left/48px 100% no-repeat local,linear-gradient(to left,var(--paper) 40%,transparent) right/48px 100% no-repeat local,linear-gradient(to right,var(--hairline),transparent) left/18px 100% no-repeat scroll,linear-gradient(to left,var(--hairline),transparent) right/18px 100% no-repeat scroll}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:1.4}
caption{text-align:left;font-weight:600;font-size:14px;padding:0 0 8px;caption-side:top}
table.quiet caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);padding:0}
th{text-align:left;font-weight:500;color:var(--muted);border-bottom:1px solid var(--ink);padding:0 14px 0 0;vertical-align:bottom}
th button{padding:6px 0;text-align:inherit;line-height:1.3}
th button:hover{color:var(--ink)}
th.text[aria-sort=ascending] button::after{content:" ↑";color:var(--accent)}
th.text[aria-sort=descending] button::after{content:" ↓";color:var(--accent)}
td{border-bottom:1px solid var(--hairline);padding:6px 14px 6px 0;vertical-align:top;white-space:nowrap}
td.wide,th.wide{padding-left:10px}
td.wide{white-space:normal;min-width:22ch;overflow-wrap:anywhere}
th.number,td.number{text-align:right}
th.number[aria-sort=ascending] button::before{content:"↑ ";color:var(--accent)}
th.number[aria-sort=descending] button::before{content:"↓ ";color:var(--accent)}
th:last-child,td:last-child{padding-right:0}
tbody tr:hover td{background:var(--shade)}
.pages{display:flex;align-items:center;gap:16px;font-size:13px;color:var(--muted);padding:10px 0}
.pages button{padding:4px 10px;border:1px solid var(--hairline);border-radius:4px;color:var(--ink)}
.pages button:disabled{opacity:.4;cursor:default}
.none{color:var(--muted);font-size:13px;border:1px dashed var(--hairline);padding:18px;margin:0}
dl.list{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 24px;margin:0;font-size:13px}
dl.list dt{color:var(--muted)}dl.list dd{margin:0;overflow-wrap:anywhere}
.alarm-box{border-left:3px solid var(--alarm);padding:8px 14px}
.alarm-box strong{color:var(--alarm)}
.code p{margin:0 0 4px;font-size:13px;color:var(--muted)}
pre{margin:0;padding:12px 14px;background:var(--shade);font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all;border-radius:3px}
.text p{margin:0 0 8px;max-width:76ch}
footer{color:var(--muted);font-size:13px;padding:0 0 48px}
/* Chart furniture of vega-embed, quietened. */
.vega-embed{width:100%;padding:0!important;display:block!important}
.vega-embed.has-actions{padding-right:0!important}
.vega-embed details{opacity:0}
.vega-embed:hover details,.vega-embed details:focus-within,.vega-embed details[open]{opacity:1}
.vega-embed summary{background:var(--paper)!important;color:var(--muted)!important;border:1px solid var(--hairline)!important;box-shadow:none!important;opacity:1!important;top:0!important;right:0!important}
.vega-embed .vega-actions{background:var(--paper)!important;border:1px solid var(--hairline)!important;box-shadow:none!important;right:0!important;top:34px!important;animation:none!important}
.vega-embed .vega-actions::before,.vega-embed .vega-actions::after{display:none!important}
.vega-embed .vega-actions a{color:var(--ink)!important;font:13px ${FONT}!important}
.vega-embed .vega-actions a:hover{background:var(--shade)!important}
#vg-tooltip-element.report-theme{background:var(--paper);color:var(--ink);border:1px solid var(--hairline);border-radius:3px;box-shadow:0 4px 18px rgb(0 0 0/.14);font:13px/1.45 ${FONT};font-variant-numeric:tabular-nums;padding:8px 11px;max-width:min(360px,90vw)}
#vg-tooltip-element.report-theme table{width:auto}
#vg-tooltip-element.report-theme table tr td{border:0;padding:1px 0;background:none;white-space:normal;max-width:none}
#vg-tooltip-element.report-theme table tr td.key{color:var(--muted);padding-right:14px;text-align:left;white-space:nowrap}
#vg-tooltip-element.report-theme table tr td.value{text-align:right;font-weight:500}
@media (max-width:1000px){.grid>.half{grid-column:span 12}}
@media (max-width:720px){
.bar>div,main,.synthetic p{padding-left:16px;padding-right:16px}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:20px 16px}
.tile .figure{font-size:22px}
header .verdict{font-size:16px}
header{padding-top:22px}
section{margin-bottom:40px}
.tile .figure,h1{overflow-wrap:anywhere}
th{white-space:nowrap}
table:has(td.wide) :is(td,th).text{white-space:normal}
dl.list{grid-template-columns:minmax(0,1fr);gap:0}dl.list dd{margin-bottom:8px}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@page{size:A4;margin:14mm 13mm}
@media print{
html{font-size:10pt;background:none;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bar{position:static;border:0}.bar nav,.scheme,.pages button,.vega-embed details{display:none}
.bar>div{height:auto}
.bar>div,main{padding:0;max-width:none}
.synthetic p{padding:4px 8px}
header{padding-top:4px}
h1{font-size:20pt}header .verdict{font-size:11pt}section>h2{font-size:13pt}.tile .figure{font-size:16pt}
.tiles{grid-template-columns:repeat(4,minmax(0,1fr));margin:14px 0 20px;gap:14px 16px}
section{margin-bottom:22px}
section>h2{break-after:avoid}
figure,.tile,tr,.code,.alarm-box{break-inside:avoid}
.grid{display:block}.grid>*{margin-bottom:16px}
.plot{display:none!important}.paper-plot{display:block}
.paper-plot svg{max-width:100%;height:auto;display:block}
.scroll{overflow:visible;background:none}
table,caption,th,td{font-size:7.5pt}caption{font-size:10pt}
td,th{padding-right:7px;white-space:normal}
td.wide{min-width:0}th{white-space:normal!important}
th button::before,th button::after{display:none}
thead{display:table-header-group}
pre{font-size:8pt}
}
`;
