"""The style of the page: light and dark, wide and narrow, on screen and on paper."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#59636e;--paper:#fff;--line:#d1d9e0;--bar:#7aa7d9;--marked:#b3402a}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa5b1;--paper:#0d1117;
--line:#30363d;--bar:#3f74b5;--marked:#e0735c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem;border-bottom:1px solid var(--line)}h3{font-size:1.05rem}
p,figcaption{max-width:44rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:0}
.facts div{border:1px solid var(--line);border-radius:.4rem;padding:.5rem .75rem}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;overflow-wrap:anywhere;font-size:.95rem}
figure{margin:1.5rem 0 2rem;break-inside:avoid}figcaption{margin-bottom:.6rem}
.pair{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:1.5rem;align-items:start}
.even{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
@media (max-width:40rem){.pair,.even{grid-template-columns:minmax(0,1fr)}}
svg{width:100%;height:auto;display:block}
svg text{font:11px system-ui,sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}
svg .label,svg .end{text-anchor:end}svg .middle{text-anchor:middle}
svg .value,svg .axis{fill:var(--soft)}svg .axis{font-size:10px}
.grid,.zero{stroke:var(--line);stroke-width:.75}.zero{stroke:var(--soft)}
.bar{fill:var(--bar)}.marked{fill:var(--marked)}
.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td{overflow-wrap:break-word}
th{color:var(--soft);font-weight:600}
.n{text-align:right}
summary{color:var(--soft);font-size:.85rem;cursor:pointer}
@media print{main{max-width:none}body{font-size:10.5pt}
details::details-content{content-visibility:visible;block-size:auto}summary{display:none}
figure{break-inside:auto}svg,tr{break-inside:avoid}thead{display:table-header-group}h2,h3,figcaption{break-after:avoid}}
"""
