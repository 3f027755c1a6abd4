import { foreignRoots } from "../../common/foreign_html/foreign_html";

const NAME = "servicedesk-hit";

/** Small letters without marks; every character stays one character, so that places in the text stay the same. */
export function fold(text) {
    return [...text.normalize("NFC")]
        .map((char) => (char === "\u00a0" ? " " : char.normalize("NFD")[0].toLowerCase().slice(0, 1)))
        .join("");
}

/** Places of any of the words in a text: `[[start, end]]`, in order, without overlaps. */
export function findPlaces(text, words) {
    const folded = fold(text);
    const places = [];
    for (const word of words) {
        for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
            places.push([at, at + word.length]);
        }
    }
    places.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    return places.filter(([start], index) => !index || start >= places[index - 1][1]);
}

export function splitWords(text) {
    return fold(text).split(/\s+/).filter(Boolean);
}

/**
 * Mark the words in the texts below `roots`; the document itself is left alone. Browsers without the CSS Custom
 * Highlight API show no marks, the hits are still gone through one by one.
 */
export function highlight(roots, words) {
    if (!window.Highlight || !CSS.highlights) {
        return;
    }
    const ranges = [];
    const trees = [...roots].flatMap((root) => [root, ...foreignRoots(root)]);
    for (const root of words.length ? trees : []) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.data.length !== fold(node.data).length) {
                continue; // composed of characters that fold to other lengths: no place can be told
            }
            for (const [start, end] of findPlaces(node.data, words)) {
                const range = new Range();
                range.setStart(node, start);
                range.setEnd(node, end);
                ranges.push(range);
            }
        }
    }
    CSS.highlights.set(NAME, new Highlight(...ranges));
}

export function clearHighlight() {
    CSS.highlights?.delete(NAME);
}

/** Open folded quotes that hold one of the words. */
export function openQuotes(root, words) {
    const quotes = [root, ...foreignRoots(root)].flatMap((tree) => [
        ...(tree?.querySelectorAll("details:not([open])") || []),
    ]);
    for (const quote of quotes) {
        if (words.some((word) => fold(quote.textContent).includes(word))) {
            quote.open = true;
        }
    }
}
