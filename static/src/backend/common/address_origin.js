/**
 * Whither an address leads, as the browser parses it and not as it is spelled: `/\host`, `http:/\host` and `//host` are
 * one. The same rules stand in `tools/mail/html_address.py`.
 */
const STORED = /^\/web\/(image|content)\/\d+/;
const PICTURE = /^data:image\/(png|gif|jpe?g|webp|bmp|x-icon|tiff)[;,]/i;
const URLS = /url\(\s{0,20}(?:"((?:[^"\\]|\\.){0,3000})"|'((?:[^'\\]|\\.){0,3000})'|([^)"'\s]{0,3000}))\s{0,20}\)/gi;
const FETCHES = /(?:url|image-set|image|element|src)\s{0,20}\(|@import/i;
/** Attributes by which an element fetches something. */
export const SOURCES = [
    "src",
    "srcset",
    "poster",
    "background",
    "data",
    "lowsrc",
    "dynsrc",
    "xlink:href",
    "imagesrcset",
];

/** @returns {"stored" | "own" | "remote" | "data" | "none"} `own`: an address of ours that is no stored picture */
export function originOf(address) {
    let url;
    try {
        url = new URL(address, window.location.origin);
    } catch {
        return "none";
    }
    if (url.protocol === "data:") {
        return PICTURE.test(url.href) ? "data" : "none";
    }
    if (!["http:", "https:"].includes(url.protocol)) {
        return "none";
    }
    if (url.origin === window.location.origin) {
        return STORED.test(url.pathname) ? "stored" : "own";
    }
    return "remote";
}

/** The addresses that an attribute names; a list of sizes (`srcset`) has several. */
function addressesIn(name, value) {
    if (!name.endsWith("srcset")) {
        return [value];
    }
    return value
        .split(/,\s|\s/)
        .map((part) => part.replace(/^,{1,20}|,{1,20}$/g, ""))
        .filter((part) => part && !/^[\d.]+[wxh]$/.test(part));
}

/** Whether what an attribute names may be shown. */
function isShown(origin, remote) {
    return origin === "stored" || origin === "data" || (remote && origin === "remote");
}

/**
 * Leave out whatever would call another server, or ours under an address that is no picture.
 *
 * @param {Element} element
 * @param {boolean} remote other servers may be called
 * @returns {boolean} whether another server would have been called
 */
export function holdBack(element, remote) {
    let held = false;
    for (const name of SOURCES.filter((source) => element.hasAttribute(source))) {
        const origins = addressesIn(name, element.getAttribute(name)).map(originOf);
        if (!origins.every((origin) => isShown(origin, remote))) {
            element.removeAttribute(name);
            held ||= !remote && origins.includes("remote");
        }
    }
    if (element.hasAttribute("style")) {
        held = holdBackStyle(element, remote) || held;
    }
    return held;
}

function holdBackStyle(element, remote) {
    const text = element.getAttribute("style");
    if (!FETCHES.test(text) && !/\\|\/\*/.test(text)) {
        return false;
    }
    let held = false;
    const { style } = element; // as the browser has understood it: no escapes, no comments
    for (const name of [...style]) {
        const value = style.getPropertyValue(name);
        if (FETCHES.test(value)) {
            const origins = [...value.matchAll(URLS)].map(([, double, single, bare]) =>
                originOf((double ?? single ?? bare).replace(/\\(.)/g, "$1")),
            );
            const known = !FETCHES.test(value.replace(URLS, ""));
            if (!known || !origins.every((origin) => isShown(origin, remote))) {
                style.removeProperty(name);
                held ||= !remote && (!known || origins.includes("remote"));
            }
        }
    }
    element.setAttribute("style", style.cssText);
    return held;
}
