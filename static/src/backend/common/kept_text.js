import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

/** What is being typed, kept in this browser until it is saved. */
class KeptText {
    constructor(key, read) {
        this.key = key;
        this.read = read;
    }

    get stored() {
        return browser.localStorage.getItem(this.key) || "";
    }

    set stored(text) {
        if (text) {
            browser.localStorage.setItem(this.key, text);
        } else {
            browser.localStorage.removeItem(this.key);
        }
    }

    keepSoon() {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.keep(), 500);
    }

    keep() {
        browser.clearTimeout(this.timer);
        const text = this.read();
        if (text !== null) {
            this.stored = text;
        }
    }

    forget() {
        browser.clearTimeout(this.timer);
        this.stored = "";
    }
}

/**
 * Keep what is typed in a component when it is closed or left, and now and then before.
 *
 * @param {string} key where in the browser's storage
 * @param {() => string | null} read what stands there now: "" for nothing, null where that is not known
 */
export function useKeptText(key, read) {
    const kept = new KeptText(key, read);
    onWillUnmount(() => kept.keep());
    useExternalListener(window, "pagehide", () => kept.keep());
    return kept;
}
