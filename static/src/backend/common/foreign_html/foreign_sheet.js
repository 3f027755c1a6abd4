/** How foreign HTML looks: colours come from outside as variables, so that it is dark where the page is. */
export const SHEET = `
:host { contain: content !important; isolation: isolate !important; }
.o_sd_text { display: flow-root; max-width: 100%; overflow-x: auto; overflow-y: hidden; overflow-wrap: anywhere; unicode-bidi: isolate; }
.o_sd_text * { max-inline-size: none; box-sizing: border-box; }
.o_sd_text > :last-child { margin-bottom: 0; }
p { margin: 0 0 6px; }
h1, h2, h3, h4, h5, h6 { margin: 0 0 8px; font-weight: 500; line-height: 1.2; }
h1 { font-size: 1.5em; } h2 { font-size: 1.35em; } h3 { font-size: 1.2em; } h4, h5, h6 { font-size: 1em; }
ul, ol { margin: 0 0 8px; padding-inline-start: 2em; }
a { color: var(--sd-brand-text, #5f5387); }
img { max-width: 100%; height: auto; vertical-align: middle; }
img[data-sd-blocked] { display: none; }
img[src^="/web/"] { cursor: zoom-in; }
a img[src^="/web/"] { cursor: inherit; }
pre { margin: 0 0 8px; white-space: pre-wrap; font-size: 0.9em; }
table { max-width: 100%; border-collapse: separate; }
td, th { overflow-wrap: break-word; text-align: start; }
.table td, .table th, .table-bordered td, .table-bordered th, .o_table td, .o_table th { padding: 4px 8px; border: 1px solid var(--sd-line, #dee2e6); }
.table, .o_table { border-collapse: collapse; }
blockquote { margin: 4px 0; padding-inline-start: 10px; border-inline-start: 2px solid var(--sd-line, #dee2e6); color: var(--sd-muted, #5a6169); }
hr { margin: 12px 0; border: 0; border-top: 1px solid currentcolor; opacity: 0.25; }
.btn { display: inline-block; padding: 4px 12px; border: 1px solid var(--sd-line, #dee2e6); border-radius: 4px; text-decoration: none; }
.btn-primary { border-color: var(--sd-brand, #71639e); background: var(--sd-brand, #71639e); color: #fff; }
.o_checklist { padding-inline-start: 1.4em; list-style: "\\2610\\00a0"; }
.o_checklist > li.o_checked { list-style: "\\2611\\00a0"; text-decoration: line-through; }
.o_sd_mention { padding: 0 3px; border-radius: 3px; background-color: var(--sd-mention, #f6dca2); color: var(--sd-int, #7a5000); font-weight: 600; }
.o_sd_missing { padding: 0 3px; border-radius: 4px; background-color: var(--sd-danger-bg, #fdeceb); color: var(--sd-danger, #b3261e); font-weight: 600; }
.o_sd_summary { margin: 4px 0; padding-inline-start: 10px; border-inline-start: 2px solid var(--sd-int-line, #d9b04c); color: var(--sd-muted, #5a6169); }
.o_sd_reach_link { color: inherit; text-decoration: underline dotted; text-underline-offset: 3px; }
.o_sd_reach_link:hover, .o_sd_reach_link:focus-visible { color: var(--sd-brand-text, #5f5387); text-decoration-style: solid; }
:host(.o_sd_paper) a { color: #5f5387; }
.o_sd_quote { margin-top: 6px; }
.o_sd_quote > summary { display: inline-flex; align-items: center; gap: 5px; padding: 2px 8px; border-radius: 4px; background-color: var(--sd-soft, #eceef1); color: var(--sd-muted, #5a6169); font-size: 12px; list-style: none; cursor: pointer; }
.o_sd_quote > summary::before { content: "\\f10d"; font-family: FontAwesome; font-size: 10px; }
.o_sd_quote > summary::after { content: "\\f107"; font-family: FontAwesome; }
.o_sd_quote > summary::-webkit-details-marker { display: none; }
.o_sd_quote[open] > summary { margin-bottom: 6px; }
.o_sd_quote[open] > summary::after { content: "\\f106"; }
.o_sd_rest { margin-top: 6px; }
.o_sd_rest > summary { color: var(--sd-muted, #5a6169); cursor: pointer; }
@media (max-width: 767.98px) { .o_sd_quote > summary, .o_sd_rest > summary { min-height: 44px; } }
::highlight(servicedesk-hit) { background-color: #ffd54a; color: #212529; }
`;
