const MARK = /\[\[([^[\]]{1,80})\]\]/;
const SIGNATURE = ".o_sd_signature";

/**
 * A template as a fragment for the editor. Where the text has a signature already, the template brings no second one.
 *
 * @param {string} html sanitized by the server
 * @param {HTMLElement} editable
 */
export function fillTemplate(html, editable) {
    // A parsed document is inert: nothing in it loads or runs.
    const { body } = new DOMParser().parseFromString(html, "text/html");
    if (editable.querySelector(SIGNATURE)) {
        body.querySelectorAll(SIGNATURE).forEach((element) => element.remove());
    }
    const fragment = editable.ownerDocument.createDocumentFragment();
    fragment.append(...body.childNodes);
    return fragment;
}

/** Variables of templates that still stand without a value: `[{name, element}]`. */
export function findMissing(editable) {
    return [...editable.querySelectorAll(".o_sd_missing")]
        .map((element) => ({ name: element.textContent.match(MARK)?.[1], element }))
        .filter(({ name }) => name);
}
