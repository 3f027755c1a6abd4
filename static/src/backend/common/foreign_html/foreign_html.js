import { Component, onMounted, onPatched, useRef } from "@odoo/owl";
import { SHEET } from "./foreign_sheet";

/**
 * The one place in which HTML is shown that somebody wrote: in a tree of its own (shadow root), so that neither the
 * styles of the page reach it nor anything of it reaches the page, and inside its box, whatever it says.
 * What it shows has been prepared by `prepareBody`.
 */
export class ForeignHtml extends Component {
    static template = "servicedesk.ForeignHtml";
    static props = {
        html: { optional: true }, // markup of `prepareBody`
        class: { optional: true }, // of the box, from outside
        onClick: { type: Function, optional: true }, // ({target}): the element in the text
    };

    setup() {
        this.host = useRef("host");
        onMounted(() => this.show());
        onPatched(() => this.show());
    }

    show() {
        const { el } = this.host;
        const html = (this.props.html || "").toString();
        if (this.shown === html && el.shadowRoot) {
            return;
        }
        this.shown = html;
        const root = el.shadowRoot || this.open(el);
        root.querySelector(".o_sd_text").innerHTML = html;
    }

    open(el) {
        const root = el.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [getSheet(el.ownerDocument)];
        const text = el.ownerDocument.createElement("div");
        text.className = "o_sd_text";
        text.setAttribute("part", "text");
        text.dir = "auto";
        root.append(text);
        root.addEventListener("click", (ev) => this.props.onClick?.({ target: ev.composedPath()[0] }));
        // A pointer that moves inside of the tree is seen nowhere else.
        for (const name of ["mouseover", "mouseout"]) {
            root.addEventListener(name, ({ target }) => {
                const link = target.closest("a[href]");
                link?.dispatchEvent(new CustomEvent(`sd-${name}`, { bubbles: true, composed: true }));
            });
        }
        return root;
    }
}

const sheets = new WeakMap();

function getSheet(doc) {
    if (!sheets.has(doc)) {
        const sheet = new doc.defaultView.CSSStyleSheet();
        sheet.replaceSync(SHEET);
        sheets.set(doc, sheet);
    }
    return sheets.get(doc);
}

/** The trees of foreign HTML below an element, to look for words in them. */
export function foreignRoots(element) {
    return [...(element?.querySelectorAll(".o_sd_foreign") || [])].map((host) => host.shadowRoot).filter(Boolean);
}
