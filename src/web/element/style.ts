/** Written tightly: no bundler squeezes a string. */
const css = `
:host{--_accent:var(--mp-accent,light-dark(#4338ca,#a5b4fc));--_on-accent:var(--mp-on-accent,light-dark(#fff,#1e1b4b));--_text:var(--mp-text,light-dark(#18181b,#f4f4f5));--_muted:var(--mp-muted,light-dark(#5b5b66,#a9a9b4));--_surface:var(--mp-surface,light-dark(#fff,#1b1b20));--_sunken:var(--mp-sunken,light-dark(#f6f6f9,#131316));--_line:var(--mp-line,light-dark(#e2e2ea,#33333c));--_pass:var(--mp-pass,light-dark(#0f6e3f,#6ee7a5));--_unsure:var(--mp-unsure,light-dark(#8a4b00,#fbc56b));--_fail:var(--mp-fail,light-dark(#b42318,#ff9b90));--_note:var(--mp-note,light-dark(#3a4a8c,#b4c2ff));--_radius:var(--mp-radius,14px);display:block;color-scheme:light dark;container-type:inline-size;font:var(--mp-font,400 15px/1.45 system-ui,sans-serif);color:var(--_text);text-align:start}
:host([hidden]){display:none}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
*,::before,::after{box-sizing:border-box}
p,ul{margin:0;padding:0;list-style:none}
[hidden]{display:none !important}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
svg{width:1.25em;height:1.25em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.board{display:grid;gap:12px}
button{font:inherit;font-weight:600;line-height:1.2;color:var(--_text);background:var(--_surface);border:1px solid var(--_line);border-radius:calc(var(--_radius) * .6);padding:8px 14px;min-height:36px;cursor:pointer;white-space:nowrap;transition:.15s}
button:hover{border-color:var(--_muted)}
button.strong{background:var(--_accent);border-color:var(--_accent);color:var(--_on-accent)}
button.strong:hover{background:color-mix(in oklab,var(--_accent),var(--_text) 12%)}
button.soft{border-color:transparent;color:var(--_accent);background:color-mix(in oklab,var(--_accent) 12%,var(--_surface))}
button.soft:hover{background:color-mix(in oklab,var(--_accent) 20%,var(--_surface))}
button.bare{padding:0;width:36px;display:grid;place-items:center;background:none;border-color:transparent;color:var(--_muted)}
button.bare:hover{background:var(--_sunken);color:var(--_text)}
button.bare svg{width:16px;height:16px}
:focus-visible{outline:2px solid var(--_accent);outline-offset:2px}
.zone-box{display:grid;justify-items:center;gap:10px;padding:40px 20px;text-align:center;text-wrap:balance;border:1.5px dashed color-mix(in oklab,var(--_muted) 55%,transparent);border-radius:var(--_radius);background:radial-gradient(at 50% 0,color-mix(in oklab,var(--_accent) 8%,var(--_surface)),var(--_surface) 65%);transition:.2s}
.badge{display:grid;place-items:center;width:56px;height:56px;border-radius:50%;color:var(--_accent);background:color-mix(in oklab,var(--_accent) 12%,var(--_surface));transition:.25s}
.title{font-size:1.1em;font-weight:600}
.promise,.or{color:var(--_muted);font-size:.87em}
.over .zone-box{border-color:var(--_accent);border-style:solid;background:color-mix(in oklab,var(--_accent) 12%,var(--_surface))}
.over .badge{transform:translateY(-4px) scale(1.08)}
.full .or{order:1}
.full .zone-box>button{order:2}
.full .zone-box{grid-template-columns:auto 1fr auto auto;justify-items:start;align-items:center;gap:12px;padding:12px 14px;text-align:start}
.full .badge{width:40px;height:40px}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:8px;min-height:36px}
.counts{display:flex;flex-wrap:wrap;gap:4px 16px;flex:1;font-weight:600;font-variant-numeric:tabular-nums}
.counts span{display:inline-flex;align-items:center;gap:5px}
.counts svg{color:var(--_c)}
.file+.file{margin-top:10px}
.file{display:grid;grid-template-columns:64px minmax(0,1fr) auto auto;align-items:center;gap:0 14px;padding:12px;background:var(--_surface);border:1px solid var(--_line);border-radius:var(--_radius);content-visibility:auto;contain-intrinsic-size:auto 90px}
.few .file{animation:in .25s}
@keyframes in{from{opacity:0;transform:translateY(6px)}}
.thumb{width:64px;height:64px;border-radius:calc(var(--_radius) * .6);overflow:hidden;display:grid;place-items:center;background:var(--_sunken);color:var(--_muted)}
.thumb svg,.badge svg{width:26px;height:26px;stroke-width:1.6}
.thumb canvas{width:100%;height:100%;object-fit:cover}
.name{font-weight:600;overflow-wrap:anywhere;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.facts{color:var(--_muted);font-size:.87em;font-variant-numeric:tabular-nums}
.verdict{display:inline-flex;align-items:center;gap:6px;padding:5px 10px;border-radius:99px;font-size:.87em;font-weight:600;white-space:nowrap;color:var(--_c);background:color-mix(in oklab,var(--_c) 12%,var(--_surface))}
.verdict svg{width:1.15em;height:1.15em;stroke-width:2.6}
.file,[data-verdict]{--_c:var(--_muted)}
[data-state=pass],[data-state=sent],[data-verdict=pass]{--_c:var(--_pass)}
[data-state=unsure],[data-state=stopped],[data-verdict=unsure]{--_c:var(--_unsure)}
[data-state=fail],[data-state=unreadable],[data-verdict=fail]{--_c:var(--_fail)}
[data-state=sending]{--_c:var(--_accent)}
[data-verdict=note]{--_c:var(--_note)}
.buttons,.acts{display:flex;align-items:center;gap:4px}
.findings,.below,.limits{grid-column:1 / -1}
.findings:not(:empty),.below:not(:empty){margin-top:10px}
.findings{display:grid;gap:6px}
.findings li{display:grid;grid-template-columns:auto 1fr;gap:10px;padding:9px 12px;border-radius:calc(var(--_radius) * .6);background:color-mix(in oklab,var(--_c) 8%,var(--_surface));overflow-wrap:anywhere}
.mark{color:var(--_c);display:grid;padding-top:.12em}
.mark svg{width:1.1em;height:1.1em;stroke-width:2.6}
.hint{display:block;font-weight:600}
.hint::before{content:"→ ";color:var(--_c)}
.problem{display:flex;gap:10px;color:var(--_c)}
.problem span{display:grid;overflow-wrap:anywhere}
.progress{height:6px;border-radius:99px;overflow:hidden;background:var(--_sunken);box-shadow:inset 0 0 0 1px var(--_line)}
.progress span{display:block;height:100%;width:calc(var(--at) * 1%);border-radius:inherit;background:var(--_accent);transition:.3s}
.progress:not([aria-valuenow]) span{background:linear-gradient(90deg,transparent,var(--_accent),transparent);background-size:50% 100%;animation:run 1.4s linear infinite}
@keyframes run{from{background-position:-100% 0} to{background-position:200% 0}}
.asset{display:flex;align-items:center;gap:8px}
code{flex:1;min-width:0;font:.87em/1.45 ui-monospace,monospace;padding:9px 12px;border-radius:calc(var(--_radius) * .6);background:var(--_sunken);border:1px solid var(--_line);overflow-wrap:anywhere;user-select:all}
summary{display:inline-flex;align-items:center;gap:6px;margin-top:8px;padding:2px 8px 2px 2px;border-radius:6px;cursor:pointer;color:var(--_muted);font-size:.87em;font-weight:600;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"";width:6px;height:6px;margin:0 4px;border:solid currentColor;border-width:0 2px 2px 0;transform:rotate(-45deg);transition:.15s}
[open]>summary::before{transform:rotate(45deg)}
.limits ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:2px 28px;padding:4px 2px}
.limit{display:grid;grid-template-columns:6.6em minmax(60px,1fr) 8.8em;align-items:center;gap:12px;min-height:42px;font-size:.87em}
.limit.plain{grid-template-columns:6.6em 1fr}
.label{color:var(--_muted)}
.label::first-letter{text-transform:uppercase}
.value{display:flex;align-items:center;gap:6px;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.value svg{width:1.1em;height:1.1em;color:var(--_c);stroke-width:2.6}
.plain .value{font-weight:400;white-space:normal}
.track{position:relative;height:30px}
.track::before,.zone,.beyond{content:"";position:absolute;top:7px;height:6px;border-radius:99px}
.track::before{inset-inline:0;background:var(--_sunken);box-shadow:inset 0 0 0 1px var(--_line)}
.zone{inset-inline-start:calc(var(--from) * 1%);width:calc((var(--to) - var(--from)) * 1%);background:color-mix(in oklab,var(--_pass) 45%,var(--_surface))}
.beyond{border-radius:0;background:color-mix(in oklab,var(--_c) 55%,var(--_surface));inset-inline-start:calc(var(--a) * 1%);width:calc((var(--b) - var(--a)) * 1%)}
.dot{position:absolute;top:3px;inset-inline-start:calc(var(--at) * 1%);width:14px;height:14px;margin-inline-start:-7px;border-radius:50%;background:var(--_c);border:2.5px solid var(--_surface);box-shadow:0 0 0 1px var(--_c)}
.other{background:var(--_surface)}
[data-verdict=fail] .dot{border-radius:3px;transform:rotate(45deg) scale(.86)}
.low,.high{position:absolute;top:16px;font-size:.8em;color:var(--_muted);font-variant-numeric:tabular-nums;white-space:nowrap;translate:-50%}
.low{inset-inline-start:calc(var(--from) * 1%)}
.high{inset-inline-start:calc(var(--to) * 1%)}
:dir(rtl) :is(.low,.high){translate:50%}
.choices{display:flex;flex-wrap:wrap;gap:4px}
.choices span{padding:1px 7px;border-radius:99px;border:1px solid var(--_line);color:var(--_muted);font-size:.87em}
.choices .own{border-color:var(--_c);color:var(--_c);font-weight:600;background:color-mix(in oklab,var(--_c) 12%,var(--_surface))}
@container (max-width: 620px){.full .zone-box{grid-template-columns:auto 1fr auto}
 .full .or{display:none}
 .file{grid-template-columns:52px minmax(0,1fr) auto auto;gap:0 10px}
 .thumb{width:52px;height:52px}
 .what{grid-area:1 / 2 / 2 / 4}
 .verdict{grid-area:2 / 1 / 3 / 3;justify-self:start;white-space:normal;margin-top:6px}
 .buttons{display:contents}
 .buttons>.bare{grid-area:1 / 4}
 .acts{grid-area:2 / 3 / 3 / 5;justify-self:end;margin-top:6px}}
@container (max-width: 430px){.zone-box{padding:28px 14px}
 .full .promise,.full .badge{display:none}
 .full .zone-box{grid-template-columns:1fr;justify-items:center;text-align:center}
 .full .zone-box>button{width:100%}
 .bar:has(>.strong:not([hidden])){>.counts{flex-basis:100%}>button{flex:1}}
 .limit{grid-template-columns:1fr auto;gap:0 10px;padding:5px 0}
 .limit>:nth-child(2):not(.value){grid-area:2 / 1 / 3 / 3}
 .limit.plain{grid-template-columns:auto 1fr}
 .limit.plain .value{justify-content:end}
 .limit .label,.limit .value{grid-row:1}
 .asset{flex-wrap:wrap}}
@media (prefers-reduced-motion: reduce){*,::before{animation:none !important;transition:none !important}
 .progress:not([aria-valuenow]) span{background:repeating-linear-gradient(45deg,var(--_accent) 0 6px,transparent 6px 12px)}}
@media (forced-colors: active){.dot,.beyond,.zone,.progress span{forced-color-adjust:none}}
`;

let made: CSSStyleSheet[] | null = null;

/** One sheet for all elements of a page, made where it is first needed; no policy forbids it. */
export function sheets(): CSSStyleSheet[] {
  if (!made) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    made = [sheet];
  }
  return made;
}
