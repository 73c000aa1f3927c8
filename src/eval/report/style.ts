const colours = [0, 1, 2, 3, 4, 5];

/** How every page looks: light and dark, from a phone to a wide screen, and on paper. */
export const pageStyle = `:root{color-scheme:light dark;
--c0:light-dark(#64748b,#94a3b8);--c1:light-dark(#0f766e,#2dd4bf);--c2:light-dark(#b45309,#fbbf24);
--c3:light-dark(#6d28d9,#a78bfa);--c4:light-dark(#be185d,#f472b6);--c5:light-dark(#1d4ed8,#60a5fa);
--good:light-dark(#0f766e,#2dd4bf);--bad:light-dark(#b91c1c,#fca5a5);
--line:light-dark(#e2e8f0,#334155);--ink:light-dark(#0f172a,#e2e8f0);--soft:light-dark(#475569,#a3b1c6);
--paper:light-dark(#fff,#0f1318);--card:light-dark(#f8fafc,#182029)}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--paper)}
main{max-width:1080px;margin:auto;padding:1.5rem 1.25rem 4rem}
h1{margin:0 0 .25rem;font-size:1.7rem;line-height:1.2;overflow-wrap:anywhere}
h2{margin:2.6rem 0 .8rem;font-size:1.2rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
p{margin:.4rem 0 .8rem}small,.soft{color:var(--soft)}
code,pre,kbd{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2rem 0}
a{color:inherit}
:focus-visible{outline:2px solid var(--c5);outline-offset:2px}
details{margin:.6rem 0}summary{cursor:pointer;font-weight:600}
.verdict{font-size:1.2rem;font-weight:600;margin:.6rem 0 1rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:.75rem;margin:0 0 1rem;padding:0}
.card{list-style:none;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem .85rem}
.card h3{margin:0;font-size:.95rem;font-weight:600}
.card .values{font-size:1.15rem;font-variant-numeric:tabular-nums;margin:.2rem 0}
.mark{font-weight:600;white-space:nowrap}.better{color:var(--good)}.worse{color:var(--bad)}
td.better,td.worse{font-weight:600}
.difference{position:relative;height:14px;margin:.35rem 0}
.difference .zero{position:absolute;left:50%;top:0;bottom:0;border-left:1px dashed var(--soft)}
.difference .bar,.track .bar{position:absolute;top:50%;height:4px;margin-top:-2px;border-radius:2px;background:currentColor;opacity:.45}
.difference .point,.track .point{position:absolute;top:50%;width:9px;height:9px;margin:-4.5px 0 0 -4.5px;border-radius:50%;background:currentColor}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere;min-width:0}
.advice{margin:.4rem 0;padding-left:1.2rem}.advice li{margin:.35rem 0}
.next ul{list-style:none;padding:0}.next li{margin:.35rem 0;overflow-wrap:anywhere}
.next code{display:block;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.3rem .6rem}
.wide{overflow-x:auto;margin:.5rem 0 1.2rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}table.rows{width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
thead th{color:var(--soft);font-weight:600;border-bottom:2px solid var(--line)}
th.text,td.text,.left{text-align:left}td.slice{padding-left:1.6rem}td small{white-space:nowrap}
td pre{max-width:70ch}
.heats{display:flex;flex-wrap:wrap;gap:1.5rem}.heat td,.heat th{text-align:center;border:1px solid var(--line)}
caption{text-align:left;font-weight:600;padding-bottom:.3rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:1.5rem}
.chart{margin:0 0 1rem;min-width:0}figcaption{display:flex;flex-wrap:wrap;gap:.1rem .8rem;align-items:baseline;margin-bottom:.5rem}
.legend{display:flex;flex-wrap:wrap;gap:.1rem .9rem;margin-left:auto;font-size:13px}
.key::before{content:"";display:inline-block;width:10px;height:10px;border-radius:50%;background:currentColor;margin-right:.35rem}
.plot{position:relative;height:240px;margin:.6rem 1.3rem 1.7rem 3.4rem;border-left:1px solid var(--soft);border-bottom:1px solid var(--soft)}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.plot .grid{position:absolute;left:0;right:0;border-top:1px solid var(--line)}
.plot .y,.plot .x,.scale .x{position:absolute;font-size:12px;line-height:1;color:var(--soft);white-space:nowrap}
.plot .y{right:100%;margin-right:.45rem;transform:translateY(50%)}
.plot .x{top:100%;margin-top:.45rem;transform:translateX(-50%)}
.xname{text-align:center;font-size:12px;color:var(--soft)}
polyline,.dot{fill:none;stroke:currentColor;stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.dot{stroke-width:7;stroke-linecap:round}.faint{opacity:.28;stroke-width:1}
.interval{margin:.5rem 0}.interval span{font-size:13px}.track{position:relative;height:13px;background:var(--card);border-bottom:1px solid var(--line)}
.intervals{padding:0 .8rem}.scale{position:relative;height:1.6rem}.scale .x{top:.4rem;transform:translateX(-50%)}
.bin{display:grid;grid-template-columns:7.2rem 1fr 3.4rem;gap:.6rem;align-items:center;font-size:13px;margin:.15rem 0;font-variant-numeric:tabular-nums}
.bin span:first-child,.bin span:last-child{color:var(--soft);text-align:right}.bin span:last-child{text-align:left}
.stack{display:flex;height:16px}.stack i{background:currentColor;min-width:1px}
.filters{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin:.5rem 0 1rem}
.filters label{display:flex;flex-direction:column;font-size:13px;color:var(--soft)}
select,input{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.3rem .5rem;max-width:100%}
.sample{border:1px solid var(--line);border-radius:8px;margin:.7rem 0;padding:.7rem .9rem;background:var(--card)}
.sample header{display:flex;flex-wrap:wrap;gap:.1rem .9rem;align-items:baseline;margin-bottom:.4rem}
.sample header code{color:var(--soft);overflow-wrap:anywhere}
.answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,230px),1fr));gap:.6rem 1rem;margin-top:.5rem}
.answers h4{margin:0;font-size:13px;color:var(--soft);font-weight:600}
mark{color:light-dark(#065f46,#a7f3d0);background:light-dark(#d1fae5,#064e3b);border-radius:3px}
.packs pre{padding:.8rem;border:1px solid var(--line);border-radius:6px;color:var(--soft)}
${colours.map((i) => `.c${i}{color:var(--c${i})}`).join("")}
@media (max-width:640px){main{padding:1rem .8rem 3rem}
.rows thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.rows,.rows tbody,.rows tr{display:block}.rows tr{padding:.45rem 0;border-bottom:1px solid var(--line)}
.rows td,.rows td.text,.rows td.slice{display:flex;gap:1rem;justify-content:space-between;border:0;padding:.1rem 0;text-align:right;overflow-wrap:anywhere}
.rows td small{white-space:normal}
.rows td::before{content:attr(data-label);color:var(--soft);text-align:left;flex:none}
.facts{grid-template-columns:1fr}.facts dd{margin-bottom:.35rem}
.bin{grid-template-columns:6.2rem 1fr 2.6rem;gap:.4rem}.cards{grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}}
@media print{:root{color-scheme:light}main{max-width:none;padding:0}body{font-size:11pt}
.filters,.next{display:none}.sample,.card,figure,tr{break-inside:avoid}h2{break-after:avoid}
details::details-content{content-visibility:visible;display:block}*{print-color-adjust:exact}}
`.replaceAll("\n", "");
