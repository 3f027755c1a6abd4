import { _t } from "@web/core/l10n/translation";

// As SHOWN_LETTERS and SHOWN_PART in tools/limits.py: what a browser lays out in a moment, and in a second or two.
export const SHOWN_LETTERS = 50000;
export const SHOWN_PART = 250000;
export const ELEMENT = 20; // letters that an element counts as: a text of nothing but line breaks takes time, too
const FOLDED = "details.o_sd_quote, details.o_sd_rest";

/**
 * Fold what is behind the first letters of a long text away, in parts that one opens when one wants to read on; what is
 * folded is not laid out. Quotes that are folded already do not count; long ones are folded in the same way inside.
 *
 * @param {HTMLElement} body of an inert document
 */
export function foldRest(body) {
    for (const quote of body.querySelectorAll("details.o_sd_quote")) {
        foldParts(quote, SHOWN_LETTERS);
    }
    foldParts(body, SHOWN_LETTERS);
}

function foldParts(holder, most) {
    const place = findEnd(holder, most);
    if (!place) {
        return;
    }
    const doc = holder.ownerDocument;
    const range = doc.createRange();
    range.setStart(...place);
    range.setEnd(holder, holder.childNodes.length);
    const details = doc.createElement("details");
    details.className = "o_sd_rest";
    const summary = doc.createElement("summary");
    details.append(summary, range.extractContents());
    summary.textContent = _t("Show the rest (%s characters)", details.textContent.length.toLocaleString());
    foldParts(details, SHOWN_PART);
    holder.append(details);
}

/** Where so many letters end: `[node, offset]`, or null where there are not so many, or hardly more. */
function findEnd(holder, most) {
    const walker = holder.ownerDocument.createTreeWalker(
        holder,
        NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
        (node) =>
            node.nodeType === Node.ELEMENT_NODE && (node.matches(FOLDED) || node.matches("summary"))
                ? NodeFilter.FILTER_REJECT
                : NodeFilter.FILTER_ACCEPT,
    );
    let left = most;
    let place = null;
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const cost = node.nodeType === Node.TEXT_NODE ? node.data.length : ELEMENT;
        if (!place && cost > left) {
            place = node.nodeType === Node.TEXT_NODE ? [node, left] : [node.parentNode, indexOf(node)];
        }
        left -= cost;
        if (left < -most / 10) {
            return place; // a few words more are rather shown than folded
        }
    }
    return null;
}

function indexOf(node) {
    let index = 0;
    for (let before = node.previousSibling; before; before = before.previousSibling) {
        index++;
    }
    return index;
}
