import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { usePopover } from "@web/core/popover/popover_hook";
import { AddressPopover } from "./address_popover";
import { readReach } from "./linkify";

const LINKS = "[data-sd-reach], .o_sd_item a[href^='mailto:'], .o_sd_item a[href^='tel:']";
const SIDE_LINKS = ".o_sd_side a[href^='mailto:'], .o_sd_side a[href^='tel:']";
const FOREIGN_LINKS = "[data-sd-reach], a[href^='mailto:'], a[href^='tel:']";
const HOVER_DELAY = 500;
const LEAVE_DELAY = 300;

/**
 * What a popover may hang on: a link inside of foreign HTML (shadow root) gets a stand-in in the page, at its place,
 * for Odoo shows no popover of what stands in a tree of its own.
 */
function standInFor(link) {
    const root = link.getRootNode();
    if (!(root instanceof ShadowRoot)) {
        return link;
    }
    const standIn = document.createElement("span");
    standIn.className = "o_sd_stand_in";
    (root.host.closest("article, section") || root.host.parentElement).append(standIn);
    const parent = standIn.offsetParent || document.body;
    const [place, around] = [link.getBoundingClientRect(), parent.getBoundingClientRect()];
    Object.assign(standIn.style, {
        left: `${place.left - around.left + parent.scrollLeft - parent.clientLeft}px`,
        top: `${place.top - around.top + parent.scrollTop - parent.clientTop}px`,
        width: `${place.width}px`,
        height: `${place.height}px`,
    });
    return standIn;
}

/**
 * Every e-mail address and phone number on the ticket's screen offers what can be done with it: after a moment under
 * the pointer, and at once by click or Enter.
 *
 * @param {() => Object} getContext `{ticketId, channels, canWrite, write}` for the popover
 */
export function useAddressActions(getContext) {
    const popover = usePopover(AddressPopover, { position: "bottom-start", popoverClass: "o_sd_popover" });
    // Opened by the pointer it must not take the focus from where one types.
    const glance = usePopover(AddressPopover, {
        position: "bottom-start",
        popoverClass: "o_sd_popover",
        setActiveElement: false,
    });
    let timer, standIn;

    const find = (ev) => {
        const target = ev.composedPath()[0];
        if (target?.getRootNode() instanceof ShadowRoot) {
            return target.closest(FOREIGN_LINKS); // in what somebody wrote
        }
        return target?.closest?.(`${LINKS}, ${SIDE_LINKS}`);
    };
    const later = (run, delay) => {
        browser.clearTimeout(timer);
        timer = browser.setTimeout(run, delay);
    };
    const open = (opener, link, extra = {}) => {
        const value = readReach(link);
        if (value) {
            popover.close();
            glance.close();
            standIn?.remove();
            const target = standInFor(link);
            standIn = target === link ? null : target;
            opener.open(target, { ...getContext(), ...extra, value });
        }
    };
    const hover = {
        enter: () => browser.clearTimeout(timer),
        leave: () => later(() => glance.close(), LEAVE_DELAY),
    };

    useExternalListener(
        document,
        "click",
        (ev) => {
            const link = find(ev);
            if (link && !ev.ctrlKey && !ev.metaKey) {
                ev.preventDefault();
                browser.clearTimeout(timer);
                open(popover, link);
            }
        },
        { capture: true },
    );
    const onOver = (ev) => {
        const link = find(ev);
        if (link && !popover.isOpen) {
            later(() => link.isConnected && open(glance, link, { hover }), HOVER_DELAY);
        }
    };
    const onOut = (ev) => find(ev) && hover.leave();
    useExternalListener(document, "mouseover", onOver);
    useExternalListener(document, "sd-mouseover", onOver); // inside of foreign HTML, see ForeignHtml
    useExternalListener(document, "mouseout", onOut);
    useExternalListener(document, "sd-mouseout", onOut);
    onWillUnmount(() => {
        browser.clearTimeout(timer);
        standIn?.remove();
    });
}
