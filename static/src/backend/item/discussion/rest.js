const plain = (text) => text.replaceAll("\u00a0", " ");

/** What stands in an element, as it is compared: an editor turns spaces at an end into non-breaking ones and back. */
export function wordsOf(element) {
    return plain(element.textContent);
}

/**
 * Take out of an element what has been saved meanwhile, so that only what was typed since stays. Where the saved words
 * were changed too, everything stays: better twice than lost.
 *
 * @param {HTMLElement} element
 * @param {string} said `wordsOf` the element when it was saved
 */
export function dropSaid(element, said) {
    if (!wordsOf(element).startsWith(said)) {
        return;
    }
    let left = said.length;
    for (const block of [...element.childNodes]) {
        const { length } = block.textContent;
        if (length > left) {
            break;
        }
        left -= length;
        block.remove();
    }
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (left > 0 && walker.nextNode()) {
        const taken = Math.min(left, walker.currentNode.length);
        walker.currentNode.deleteData(0, taken);
        left -= taken;
    }
}
