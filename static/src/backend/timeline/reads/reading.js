import { onMounted, onPatched, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { isDiscussion, isUnsettled } from "../entries";

const LOOK_TIME = 600; // ms in sight before an item counts as seen
const TELL_DELAY = 1000;

/** Key of the entry above which "New since your last visit" stands, or null. */
export function findDivider(entries) {
    const first = entries.find((entry) => entry.unread && !isUnsettled(entry) && !isDiscussion(entry));
    return first?.key || null;
}

/**
 * Tell the server which cards of the feed have been in sight, each once, in batches.
 *
 * @param {{el: HTMLElement}} feed reference to the element that scrolls
 * @param {() => Object[]} getEntries
 * @param {(ids: number[]) => Promise<void>} tell
 * @returns {{isSeen: (id: number) => boolean}}
 */
export function useReading(feed, getEntries, tell) {
    const observed = new Map();
    const timers = new Map();
    const seen = new Set();
    let waiting = [];
    let telling;

    function flush() {
        const ids = waiting;
        waiting = [];
        if (ids.length) {
            tell(ids).catch(() => ids.forEach((id) => seen.delete(id)));
        }
    }

    function note(id) {
        const entry = getEntries().find((one) => one.type === "item" && one.id === id);
        if (entry && !seen.has(id)) {
            seen.add(id);
            if (entry.author.user_id !== user.userId) {
                waiting.push(id);
                browser.clearTimeout(telling);
                telling = browser.setTimeout(flush, TELL_DELAY);
            }
        }
    }

    function onSight(changes) {
        for (const { target, isIntersecting } of changes) {
            const id = Number(target.dataset.itemId);
            browser.clearTimeout(timers.get(id));
            if (isIntersecting && document.visibilityState === "visible") {
                timers.set(
                    id,
                    browser.setTimeout(() => note(id), LOOK_TIME),
                );
            }
        }
    }

    let observer;
    const observe = () => {
        if (!feed.el || !window.IntersectionObserver) {
            return;
        }
        // A card counts once its head is clear of the edge: long mails never fit the screen as a whole.
        observer ||= new IntersectionObserver(onSight, { root: feed.el, rootMargin: "0px 0px -40px 0px" });
        for (const card of feed.el.querySelectorAll("article[data-item-id]")) {
            if (observed.get(card.dataset.itemId) !== card) {
                observed.set(card.dataset.itemId, card);
                observer.observe(card);
            }
        }
    };
    onMounted(observe);
    onPatched(observe);
    onWillUnmount(() => {
        observer?.disconnect();
        timers.forEach((timer) => browser.clearTimeout(timer));
        browser.clearTimeout(telling);
        flush();
    });
    return { isSeen: (id) => seen.has(id) };
}
