/** The whole style of the page: light and dark, after the reader's own choice. */
export const STYLE = `
:root { color-scheme: light dark;
  --page: #f5f6f4; --card: #ffffff; --edge: #dfe3de; --grid: #e8ebe7; --text: #1c2420; --quiet: #616b65;
  --good: #14743c; --bad: #b3261e; --hot: #c0392b;
  --c1: #5b6660; --c2: #1f77b4; --c3: #d9720b; --c4: #7b4fb3; --c5: #1b8a5a; --c6: #c2347e; --c7: #8a6d1d; --c8: #0f8b9a;
  --t1: #e0a526; --t2: #cf4436; --t3: #3f7fc1; --t4: #8a63b8; --t5: #4f9d69; }
@media (prefers-color-scheme: dark) { :root {
  --page: #121613; --card: #1b211d; --edge: #323a35; --grid: #29312c; --text: #e6ebe7; --quiet: #9aa69f;
  --good: #5fd08c; --bad: #ff8a80; --hot: #ff7a6b;
  --c1: #a3aea7; --c2: #5aaaf0; --c3: #ffa94d; --c4: #b892f0; --c5: #4fce92; --c6: #f078b4; --c7: #d9b84c; --c8: #4ccbd9;
  --t1: #f0bd4a; --t2: #f07167; --t3: #6aa9e9; --t4: #b18fe0; --t5: #74c48f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1360px; padding: 28px 24px 60px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0; font-size: 28px; letter-spacing: -0.01em; } h2 { margin: 40px 0 4px; font-size: 20px; }
h3 { margin: 0; font-size: 15px; } p { margin: 2px 0; } small { font-weight: normal; color: var(--quiet); font-size: 0.86em; }
.quiet, header p, h2 + p { color: var(--quiet); } h2 + p { margin-bottom: 14px; max-width: 80ch; }
.grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr)); gap: 16px; margin-top: 22px; }
.card, .chart { margin: 0; padding: 16px 18px; background: var(--card); border: 1px solid var(--edge); border-radius: 10px; }
.card.lead { border-top: 4px solid currentColor; } .lead h3, .lead p, .lead b { color: var(--text); }
.lead b { display: block; margin: 6px 0 8px; font-size: 30px; line-height: 1.1; letter-spacing: -0.02em; }
.lead b small { font-size: 15px; } .lead p { font-size: 13.5px; } .lead p.quiet { color: var(--quiet); }
.scroll { overflow-x: auto; padding: 4px 6px; } table { border-collapse: collapse; width: 100%; }
th { font-weight: 600; text-align: left; } td, th { padding: 5px 12px; border-top: 1px solid var(--grid); vertical-align: baseline; }
thead th { border-top: 0; } .kpis thead th { max-width: 24ch; overflow-wrap: anywhere; } h1, h3, summary { overflow-wrap: anywhere; } .kpis td, .kpis thead th { text-align: right; } .kpis td, .kpis tbody th { white-space: nowrap; }
.kpis td.unit { text-align: left; color: var(--quiet); } .part th { padding-left: 28px; font-weight: normal; color: var(--quiet); } .part td { color: var(--quiet); }
.kpis th[title] { cursor: help; } td.good { color: var(--good); font-weight: 600; } td.bad { color: var(--bad); font-weight: 600; }
.deeds td:nth-child(-n+3) { white-space: nowrap; } .deeds td:first-child { font-weight: 600; text-align: right; } .deeds { font-size: 13.5px; }
.forest td, .forest th { border: 0; padding: 3px 8px; font-weight: normal; white-space: nowrap; } .forest td:nth-child(2), .axis { width: 55%; }
.axis { color: var(--quiet); font-size: 12px; } .axis span { display: inline-block; width: 33.3%; } .axis span:nth-child(2) { text-align: center; } .axis span:last-child { text-align: right; }
.bar { display: block; width: 100%; height: 16px; } .whisker { stroke: var(--text); stroke-width: 1.5; }
.chart figcaption p { color: var(--quiet); font-size: 13px; } .plot { position: relative; } svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font: 11.5px system-ui, sans-serif; } text.y { text-anchor: end; } text.x { text-anchor: middle; }
line.grid { stroke: var(--grid); } .line { fill: none; stroke-width: 2; stroke-linejoin: round; } .dashed { stroke-dasharray: 3 4; stroke-width: 1.4; }
.area { stroke: none; opacity: 0.24; } .area[class*=" t"] { opacity: 0.85; } .reader { stroke: var(--quiet); stroke-dasharray: 2 3; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 8px 0 0; padding: 0; list-style: none; font-size: 13px; }
.swatch.band { opacity: 0.3; } .swatch { display: inline-block; width: 11px; height: 11px; margin-right: 7px; border-radius: 3px; }
.tip { position: absolute; top: 4px; padding: 7px 10px; background: var(--card); border: 1px solid var(--edge); border-radius: 7px;
  box-shadow: 0 4px 14px #0003; font-size: 12.5px; pointer-events: none; white-space: nowrap; z-index: 1; }
.tip[hidden], .reader[hidden] { display: none; } .tip b { float: right; margin-left: 16px; }
details { margin: 10px 0; } summary { cursor: pointer; font-weight: 600; padding: 4px 0; }
footer { margin-top: 40px; color: var(--quiet); font-size: 13px; }
${colourRules(['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 't1', 't2', 't3', 't4', 't5', 'hot'])}
@media print { body { max-width: none; } .card, .chart { break-inside: avoid; } }
`;

function colourRules(names: readonly string[]): string {
  const rules = names.map(
    (name) =>
      `.line.${name} { stroke: var(--${name}); } .area.${name}, rect.${name} { fill: var(--${name}); } .swatch.${name} { background: var(--${name}); } .lead.${name} { color: var(--${name}); }`,
  );
  return rules.join('\n');
}
