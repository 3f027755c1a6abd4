import { onPatched, useEffect, useRef, useState } from "@odoo/owl";

const DIVIDER_TOP = 48; // px that stay above the divider, so that the end of what one knows is seen
const CARD_MARGIN = 8; // px around a card that is brought into sight, room for its focus ring
const NEAR_END = 60; // px from the bottom that still count as "reading the newest"
const GESTURES = ["wheel", "touchmove", "pointerdown", "keydown"];

/** Where one reads in the feed: at its end, at "New since your last visit", or wherever one has scrolled to. */
class FeedPlace {
    constructor(scroller) {
        this.scroller = scroller;
        this.atEnd = true;
        this.atDivider = false;
        this.state = useState({
            news: 0, // how many came below while one reads further up
            divider: null, // key of the entry above which "New since your last visit" stands
        });
    }

    get el() {
        return this.scroller.el;
    }

    get cards() {
        return [...(this.el?.querySelectorAll("article") || [])];
    }

    cardOf(id) {
        return this.cards.find((el) => Number(el.dataset.itemId) === id);
    }

    /** @returns {boolean} whether the oldest loaded entries come into sight now */
    onScroll() {
        const { el } = this;
        this.atEnd = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END;
        if (this.atEnd) {
            this.state.news = 0;
        }
        return el.scrollTop < NEAR_END && el.scrollHeight > el.clientHeight + NEAR_END;
    }

    /** Pictures that arrive late, or a panel that opens, must not move what one has come to read. */
    keep() {
        if (this.atDivider) {
            const divider = this.el?.querySelector(".o_sd_divider");
            if (divider) {
                const { top } = this.el.getBoundingClientRect();
                this.el.scrollTop += divider.getBoundingClientRect().top - top - DIVIDER_TOP;
            }
        } else if (this.atEnd) {
            this.scrollToEnd();
        }
    }

    /** From now on the newest words stay in sight. */
    goToEnd() {
        this.atDivider = false;
        this.atEnd = true;
        this.scrollToEnd();
    }

    /** Open at this entry; without one, wherever one is. */
    goToDivider(key) {
        this.state.divider = key;
        if (key) {
            this.atDivider = true;
            this.atEnd = false;
        }
    }

    /** So many have come in: who reads further up is told. */
    announce(count) {
        if (!this.atEnd) {
            this.state.news += count;
        }
    }

    showNews() {
        this.state.news = 0;
        this.goToEnd();
    }

    /** Stay where one is, whatever comes. */
    letGo() {
        this.atEnd = this.atDivider = false;
    }

    /** Scroll the feed, and nothing around it, until a card is in sight; a long one with its head at the top. */
    scrollTo(card, block = "nearest") {
        const { el } = this;
        const [view, place] = [el.getBoundingClientRect(), card.getBoundingClientRect()];
        const above = place.top - view.top - CARD_MARGIN;
        const below = place.bottom - view.bottom + CARD_MARGIN;
        if (place.height > view.height - 2 * CARD_MARGIN) {
            el.scrollTop += above;
        } else if (block === "center") {
            el.scrollTop += (above + below) / 2;
        } else if (above < 0 || below > 0) {
            el.scrollTop += above < 0 ? above : below;
        }
    }

    scrollToEnd() {
        if (this.el) {
            this.el.scrollTop = this.el.scrollHeight;
        }
    }
}

/**
 * The place in the element of `t-ref="scroller"`, kept while things around it grow.
 *
 * @returns {FeedPlace}
 */
export function useFeedPlace() {
    const scroller = useRef("scroller");
    const place = new FeedPlace(scroller);
    onPatched(() => place.keep());
    useEffect(
        (el) => {
            if (!el) {
                return;
            }
            const observer = new ResizeObserver(() => place.keep());
            observer.observe(el);
            observer.observe(el.firstElementChild);
            const letGo = () => (place.atDivider = false);
            GESTURES.forEach((name) => el.addEventListener(name, letGo, { passive: true }));
            return () => {
                observer.disconnect();
                GESTURES.forEach((name) => el.removeEventListener(name, letGo));
            };
        },
        () => [scroller.el],
    );
    return place;
}
