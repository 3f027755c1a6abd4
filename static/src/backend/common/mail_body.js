import { _t } from "@web/core/l10n/translation";
import { markup } from "@odoo/owl";
import { linkifyReach } from "./address_actions/linkify";
import { dropClasses, guard } from "./foreign_guard";
import { foldRest } from "./long_text";

const QUOTE_CLASSES = ["gmail_attr", "moz-cite-prefix", "yahoo_quoted", "OutlookMessageHeader"];
const SIGNATURE = "[data-sd-part='signature'], .gmail_signature, .odoo_signature_wrapper, .o_sd_signature";
// Containers in which people answer between the quoted parts: only the parts themselves are history.
const MIXED = "[data-sd-part='mixed'], .gmail_quote, .gmail_extra";
const SEPARATOR = "[data-sd-part='separator'], #divRplyFwdMsg, #appendonsend, hr#stopSpelling";
const BLOCKS = "p,div,li,tr,h1,h2,h3,h4,h5,h6,blockquote,pre,table,ul,ol,hr";
const HEADER_WORDS = /^\s*(From|Von|Od|De|Da|Van|Från|Fra|Feladó|Lähettäjä)\s*:/i;
const ORIGINAL_WORDS =
    /^\s*-{2,}\s*(Original Message|Původní zpráva|Pôvodná správa|Ursprüngliche Nachricht|Forwarded message)\s*-{2,}/i;
const COLOUR_STYLE = /(^|[;\s])(color|background|background-color)\s*:/i;

/**
 * Prepare HTML for the viewer (`ForeignHtml`). The server has cleaned it; this decides what is *shown*: nothing is
 * fetched from strangers' servers, history and what is very long are folded, links leave this tab alone.
 *
 * @param {string} html
 * @param {{remote?: boolean, foreign?: boolean}} options `remote`: pictures from the net may load;
 *      `foreign`: written outside of Odoo
 * @returns {{html: ReturnType<markup>, blocked: number, coloured: boolean, empty: boolean}} `blocked` counts the
 *      pictures that wait for a permission, `coloured` says that the mail brings its own colours
 */
export function prepareBody(html, { remote = false, foreign = false } = {}) {
    // A parsed document is inert: nothing in it loads or runs.
    const { body } = new DOMParser().parseFromString(html || "", "text/html");
    foldQuotes(body);
    const blocked = guard(body, { remote });
    dropClasses(body);
    const coloured = foreign && isColoured(body);
    for (const link of body.querySelectorAll("a[href]")) {
        link.setAttribute("target", "_blank");
        link.setAttribute("rel", "noopener noreferrer");
    }
    linkifyReach(body);
    const empty = !body.textContent.trim() && !body.querySelector("img");
    foldRest(body);
    return { html: markup(body.innerHTML), blocked, coloured, empty };
}

/** Whether the body shows the attachment itself, so that it need not be listed again. */
export function showsAttachment(html, attachmentId) {
    return new RegExp(`/web/(image|content)/${attachmentId}(\\D|$)`).test(html || "");
}

function isColoured(body) {
    return [...body.querySelectorAll("[bgcolor], font[color], [style]")].some(
        (element) =>
            !element.closest(".o_sd_quote") &&
            (!element.hasAttribute("style") || COLOUR_STYLE.test(element.getAttribute("style"))),
    );
}

/** Everything after such an element is an earlier mail. */
function isSeparator(element) {
    if (element.matches(SEPARATOR)) {
        return true;
    }
    const style = element.getAttribute("style") || "";
    return (
        (/border-top\s*:\s*solid\s+#(E1E1E1|B5C4DF)/i.test(style) && HEADER_WORDS.test(element.textContent)) ||
        (element.matches("p, div") && !element.querySelector("p, div") && ORIGINAL_WORDS.test(element.textContent))
    );
}

function isQuote(element) {
    if (element.matches(".o_sd_summary, .o_sd_summary *")) {
        return false; // what a comment is about; it was put in to be read
    }
    if (
        element.matches("blockquote, [data-sd-part='quote']") ||
        QUOTE_CLASSES.some((name) => element.classList.contains(name))
    ) {
        return true;
    }
    if (!element.hasAttribute("data-o-mail-quote") || element.matches(`${SIGNATURE}, ${MIXED}`)) {
        return false;
    }
    return !element.parentElement.closest(`${MIXED}, ${SIGNATURE}`) && !/^\s*--/.test(element.textContent);
}

function foldQuotes(body) {
    const doc = body.ownerDocument;
    const separator = [...body.querySelectorAll("div, p, hr")].find(isSeparator);
    if (separator) {
        const range = doc.createRange();
        range.setStartBefore(separator);
        range.setEndAfter(body.lastChild);
        const holder = doc.createElement("div");
        holder.append(range.extractContents());
        body.append(fold([holder], doc));
    }
    foldRuns(body, doc);
    const folds = [...body.querySelectorAll("details.o_sd_quote")];
    const rest = body.cloneNode(true);
    rest.querySelectorAll("details.o_sd_quote").forEach((element) => element.remove());
    if (folds.length && !rest.textContent.trim() && !rest.querySelector("img")) {
        folds.forEach((element) => element.setAttribute("open", "")); // there is nothing else to read
    }
}

/** Fold each run of neighbouring quoted elements below `parent`; what stands between two runs stays. */
function foldRuns(parent, doc) {
    let run = [];
    const flush = () => {
        while (run.length && !(run.at(-1) instanceof Element && isQuote(run.at(-1)))) {
            run.pop();
        }
        if (run.length) {
            const marker = doc.createComment("");
            run[0].before(marker);
            marker.replaceWith(fold(run, doc));
        }
        run = [];
    };
    for (const node of [...parent.childNodes]) {
        const isElement = node.nodeType === Node.ELEMENT_NODE;
        if (isElement && node.matches("details.o_sd_quote")) {
            flush();
        } else if (isElement && isQuote(node)) {
            run.push(node);
        } else if (run.length && !node.textContent.trim() && !(isElement && node.querySelector("img"))) {
            run.push(node);
        } else {
            flush();
            if (isElement) {
                foldRuns(node, doc);
            }
        }
    }
    flush();
}

function fold(nodes, doc) {
    const details = doc.createElement("details");
    details.className = "o_sd_quote";
    const summary = doc.createElement("summary");
    details.append(summary, ...nodes);
    const lines = countLines(details);
    summary.textContent = _t("Quoted history, lines: %s", lines);
    return details;
}

function countLines(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("br").forEach((br) => br.replaceWith("\n"));
    copy.querySelectorAll(BLOCKS).forEach((block) => block.append("\n"));
    return copy.textContent.split("\n").filter((line) => line.trim()).length || 1;
}
