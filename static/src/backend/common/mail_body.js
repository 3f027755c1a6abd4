import { _t } from "@web/core/l10n/translation";
import { markup } from "@odoo/owl";
import { linkifyReach } from "./address_actions/linkify";
import { foldRest } from "./long_text";

const QUOTE_CLASSES = ["gmail_attr", "moz-cite-prefix", "yahoo_quoted", "OutlookMessageHeader"];
const SIGNATURE = ".gmail_signature, .odoo_signature_wrapper, .o_sd_signature, #Signature";
// Containers in which people answer between the quoted parts: only the parts themselves are history.
const MIXED = ".gmail_quote, .gmail_extra";
const BLOCKS = "p,div,li,tr,h1,h2,h3,h4,h5,h6,blockquote,pre,table,ul,ol,hr";
const HEADER_WORDS = /^\s*(From|Von|Od|De|Da|Van|Från|Fra|Feladó|Lähettäjä)\s*:/i;
const ORIGINAL_WORDS =
    /^\s*-{2,}\s*(Original Message|Původní zpráva|Pôvodná správa|Ursprüngliche Nachricht|Forwarded message)\s*-{2,}/i;
const REMOTE = /^\s*(https?:)?\/\//i;
const REMOTE_STYLE = /url\(\s*(?:["']\s*)?(https?:)?\/\//i;
const LOCAL_STYLE = /url\((?!\s*(?:["']\s*)?((https?:)?\/\/|data:))/i;
const STORED = /^\/web\/(image|content)\/\d+/;
const COLOUR_STYLE = /(^|[;\s])(color|background|background-color)\s*:/i;

/**
 * Prepare the HTML of an item for reading. The server has sanitized it; this decides what is *shown*:
 * nothing is fetched from strangers' servers, history and what is very long are folded, links leave this tab alone.
 *
 * @param {string} html
 * @param {{remote?: boolean, foreign?: boolean}} options `remote`: pictures from the net may load;
 *      `foreign`: written outside of Odoo, its class names must not meet our style sheets
 * @returns {{html: ReturnType<markup>, blocked: number, coloured: boolean, empty: boolean}} `blocked` counts the
 *      pictures that wait for a permission, `coloured` says that the mail brings its own colours
 */
export function prepareBody(html, { remote = false, foreign = false } = {}) {
    // A parsed document is inert: nothing in it loads or runs.
    const { body } = new DOMParser().parseFromString(html || "", "text/html");
    dropOwnRoutes(body);
    const blocked = remote ? 0 : blockRemote(body);
    foldQuotes(body);
    const coloured = foreign && isColoured(body);
    for (const link of body.querySelectorAll("a[href]")) {
        link.setAttribute("target", "_blank");
        link.setAttribute("rel", "noopener noreferrer");
    }
    if (foreign) {
        for (const element of body.querySelectorAll("[class]:not(.o_sd_quote), [id]")) {
            element.removeAttribute("class");
            element.removeAttribute("id");
        }
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

function isRemote(url) {
    return REMOTE.test(url) && !url.trim().startsWith(`${window.location.origin}/`);
}

/**
 * Leave out what would call an address of ours with the reader's session, such as the one that signs out: a mail may
 * show stored pictures only, whatever the reader has allowed.
 */
function dropOwnRoutes(body) {
    const { origin } = window.location;
    const callsUs = (value) => {
        const url = toUrl(value, origin);
        return url?.origin === origin && !STORED.test(url.pathname);
    };
    for (const element of body.querySelectorAll("[src], [srcset], [background], [poster]")) {
        for (const name of ["src", "background", "poster"]) {
            if (callsUs(element.getAttribute(name) || "data:,")) {
                element.removeAttribute(name);
            }
        }
        // A list of addresses with sizes; what we store has none.
        const candidates = (element.getAttribute("srcset") || "").split(",").map((part) => part.trim().split(/\s/)[0]);
        if (candidates.some((value) => value && callsUs(value))) {
            element.removeAttribute("srcset");
        }
    }
    for (const element of body.querySelectorAll("[style*='url(' i]")) {
        const style = element.getAttribute("style");
        element.setAttribute("style", withoutParts(style, LOCAL_STYLE));
    }
}

/** A style without those of its declarations in which a pattern is found. */
function withoutParts(style, pattern) {
    return style
        .split(";")
        .filter((part) => !pattern.test(part))
        .join(";");
}

function toUrl(value, base) {
    try {
        return new URL(value, base);
    } catch {
        return null;
    }
}

function blockRemote(body) {
    let count = 0;
    for (const element of body.querySelectorAll("[src], [srcset], [background], [poster]")) {
        const names = ["src", "srcset", "background", "poster"].filter((name) => {
            const value = element.getAttribute(name) || "";
            return name === "srcset" ? value.includes("//") : isRemote(value);
        });
        names.forEach((name) => element.removeAttribute(name));
        count += Boolean(names.length);
        if (element.tagName === "IMG" && !element.hasAttribute("src")) {
            element.setAttribute("data-sd-blocked", "1");
        }
    }
    for (const element of body.querySelectorAll("[style*='url(' i]")) {
        const style = element.getAttribute("style");
        const cleaned = withoutParts(style, REMOTE_STYLE);
        if (cleaned !== style) {
            element.setAttribute("style", cleaned);
            count++;
        }
    }
    return count;
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
    if (element.matches("#divRplyFwdMsg, #appendonsend, hr#stopSpelling, .WordSection1 > div > div:first-child")) {
        return element.id !== "" || HEADER_WORDS.test(element.textContent);
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
    if (element.matches("blockquote") || QUOTE_CLASSES.some((name) => element.classList.contains(name))) {
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
