// Lengths of RFC 5321 §4.5.3.1: without them one endless word is searched from each of its letters to its end.
const EMAIL =
    /(?<![\p{L}\p{N}._%+/@:-])[\p{L}\p{N}._%+'-]{0,63}[\p{L}\p{N}_%+-]@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,20}\.\p{L}{2,63}(?![\p{L}\p{N}@])/u;
const GAP = "[\\s\\u00a0]?";
// After "+" or "00" any country, in groups of any size; brackets around the area code and "(0)" are common.
const INTERNATIONAL = `(?:\\+|00)[1-9]\\d{0,2}${GAP}(?:\\(\\d{1,4}\\)${GAP})?\\d(?:[\\s\\u00a0./-]?\\d){6,11}`;
// Czech 602 123 456; run together only mobile numbers, other nine digits are more often something else.
const CZECH = `[2-79]\\d{2}([\\s\\u00a0.-])\\d{3}\\1\\d{3}|[67]\\d{8}`;
// Slovak 0905 123 456, 02/1234 5678, 041/123 45 67.
const SLOVAK = `0\\d{3}[\\s\\u00a0/]\\d{3}${GAP}\\d{3}|0\\d{1,2}/${GAP}\\d{3,4}${GAP}\\d{2,4}(?:${GAP}\\d{2})?`;
const MONEY = `(?![\\s\\u00a0]*(?:Kč|CZK|EUR|USD|€|\\$|%)|,\\d|,-)`;
const PHONE = new RegExp(
    `(?<![\\p{L}\\p{N}.,+/=_#-]|\\d{3}[\\s\\u00a0])(?:${INTERNATIONAL}|${CZECH}|${SLOVAK})(?![\\p{L}\\d]|[./-]\\d|[\\s\\u00a0]\\d{3}(?!\\d))${MONEY}`,
    "u",
);
const SKIP = "a, button, style, script, textarea, select";

/** `[{text, reach}]`: the text cut at e-mail addresses and phone numbers; `reach` is what to dial or write to. */
export function splitReach(text) {
    const parts = [];
    const seekers = [EMAIL, PHONE].map((pattern) => ({ pattern, at: -1, word: "" }));
    let done = 0;
    for (;;) {
        // Only what has been passed is looked for again: the next number may be far behind a thousand addresses.
        for (const seeker of seekers) {
            if (seeker.at < done) {
                seek(seeker, text, done);
            }
        }
        const next = seekers[0].at <= seekers[1].at ? seekers[0] : seekers[1];
        if (next.at === Infinity) {
            break;
        }
        if (next.at > done) {
            parts.push({ text: text.slice(done, next.at), reach: "" });
        }
        parts.push({ text: next.word, reach: next.word });
        done = next.at + next.word.length;
    }
    return done < text.length ? [...parts, { text: text.slice(done), reach: "" }] : parts;
}

function seek(seeker, text, from) {
    const found = seeker.pattern.exec(text.slice(from));
    seeker.at = found ? from + found.index : Infinity;
    seeker.word = found ? found[0] : "";
}

/** Address for the browser, where nothing else is at hand: `mailto:` or `tel:`. */
export function reachUrl(value) {
    return value.includes("@") ? `mailto:${value}` : `tel:${value.replace(/[^\d+]/g, "")}`;
}

/** What a link of the document reaches: the value of ours, or what stands behind `mailto:` and `tel:`. */
export function readReach(link) {
    if (link.dataset.sdReach) {
        return link.dataset.sdReach;
    }
    const [, target] = (link.getAttribute("href") || "").match(/^(?:mailto|tel):([^?]+)/i) || [];
    try {
        return target ? decodeURIComponent(target) : "";
    } catch {
        return target;
    }
}

/** Turn addresses and numbers in the texts below `body` into links that offer what can be done with them. */
export function linkifyReach(body) {
    const doc = body.ownerDocument;
    const walker = doc.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) {
        if (/@|\d{3}/.test(walker.currentNode.data) && !walker.currentNode.parentElement.closest(SKIP)) {
            nodes.push(walker.currentNode);
        }
    }
    for (const node of nodes) {
        const parts = splitReach(node.data);
        if (parts.some(({ reach }) => reach)) {
            node.replaceWith(
                ...parts.map(({ text, reach }) => {
                    if (!reach) {
                        return doc.createTextNode(text);
                    }
                    const link = doc.createElement("a");
                    link.className = "o_sd_reach_link";
                    link.setAttribute("href", reachUrl(reach));
                    link.dataset.sdReach = reach;
                    link.textContent = text;
                    return link;
                }),
            );
        }
    }
}
