import { SOURCES, holdBack, originOf } from "./address_origin";

/** Whatever runs, fetches or takes input: the server leaves none of them; their words stay, where they have any. */
const DROPPED = "script, style, link, meta, base, template, source, track, param, embed, frame, area, title";
const UNWRAPPED =
    "iframe, object, video, audio, picture, svg, math, form, input, button, select, textarea, dialog, noscript, applet, canvas, map, slot, marquee";
const KEPT_ATTRIBUTES = new Set([
    ...SOURCES,
    ..."style dir lang title alt width height align valign bgcolor border cellpadding cellspacing colspan rowspan".split(
        " ",
    ),
    ..."color face size start type value reversed nowrap open href class datetime span hspace vspace".split(" "),
    ..."data-o-mail-quote data-sd-part data-sd-blocked data-sd-reach data-oe-model data-oe-id".split(" "),
]);
const LINKS = /^(https?|mailto|tel|sms|callto|sip|xmpp|ftps?):/i;
// Of our own texts; a stranger's class says nothing to the sheet of the viewer.
const OWN_CLASS =
    /^(o_sd_(quote|summary|mention|missing|signature)|btn(-primary)?|table(-bordered)?|o_table|o_checklist|o_checked)$/;

/**
 * Take out of a parsed, inert document what must not stay. The server has cleaned what it stores; this holds for what
 * former versions stored, and for whatever else comes here.
 *
 * @param {HTMLElement} body
 * @param {{remote: boolean}} options
 * @returns {number} how many elements wait for the permission to call other servers
 */
export function guard(body, { remote }) {
    let blocked = 0;
    // Before elements go: a picture in a video counts, too.
    for (const element of [...body.querySelectorAll("*")]) {
        if (holdBack(element, remote)) {
            blocked++;
        }
        if (element.tagName === "IMG" && !element.hasAttribute("src")) {
            element.setAttribute("data-sd-blocked", "1");
        }
    }
    for (const element of body.querySelectorAll(DROPPED)) {
        element.remove();
    }
    for (const element of body.querySelectorAll(UNWRAPPED)) {
        element.replaceWith(...element.childNodes);
    }
    for (const element of body.querySelectorAll("*")) {
        guardAttributes(element);
    }
    return blocked;
}

function guardAttributes(element) {
    for (const { name } of [...element.attributes]) {
        if (!KEPT_ATTRIBUTES.has(name.toLowerCase())) {
            element.removeAttribute(name);
        }
    }
    const link = element.getAttribute("href");
    if (link !== null && !isLink(link)) {
        element.removeAttribute("href");
    }
}

/** Strips, as the last step, what only the looking for quotes has needed. */
export function dropClasses(body) {
    for (const element of body.querySelectorAll("[class]")) {
        const kept = [...element.classList].filter((name) => OWN_CLASS.test(name));
        kept.length ? element.setAttribute("class", kept.join(" ")) : element.removeAttribute("class");
    }
}

function isLink(address) {
    const plain = [...address].filter((sign) => sign > " ").join(""); // as a browser reads it
    return LINKS.test(plain) || originOf(address) === "stored" || /^\/odoo\//.test(address);
}
