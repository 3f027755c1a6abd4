import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useService } from "@web/core/utils/hooks";
import { Attachments } from "./attachments/attachments";
import { Claimed } from "./claimed/claimed";
import { availableActions } from "./item_menu/item_actions";
import { useDesk } from "./item_menu/timeline_desk";
import { Readers } from "../timeline/reads/readers";
import { Discussion } from "./discussion/discussion";
import { reachUrl, splitReach } from "../common/address_actions/linkify";
import { displayName, parseAddresses } from "../common/addresses";
import { clock, exactTime, readTime, shortTime } from "../common/dates";
import { ForeignHtml } from "../common/foreign_html/foreign_html";
import { prepareBody, showsAttachment } from "../common/mail_body";
import { channelIcon, channelLook, isAnswerable } from "./conversation/channel_look";
import { isPending, Pending } from "./pending/pending";
import { Conversation } from "./conversation/conversation";
import { putOnClientCard } from "./gallery/client_card";
import { useTicketGallery } from "./gallery/ticket_gallery";

const OWN_PICTURE = /^\/web\/(?:image|content)\/(\d+)/;

/** One card of the time line: who said what to whom, how far it got, and what can be done with it. */
export class Item extends Component {
    static template = "servicedesk.Item";
    static components = {
        Attachments,
        Claimed,
        Conversation,
        Discussion,
        Dropdown,
        DropdownItem,
        ForeignHtml,
        Pending,
        Readers,
    };
    static props = {
        item: Object,
        folded: { type: Boolean, optional: true },
        hit: { type: Boolean, optional: true }, // the search has just found it
        canAnswer: { type: Boolean, optional: true },
        notes: { type: Array, optional: true }, // the internal discussion under it
        discussing: { type: [Object, Boolean], optional: true }, // {id, write}: open the discussion
        ticked: { type: Boolean, optional: true }, // undefined where nobody is choosing items
        reply: Function, // (toAll: boolean)
        edit: { type: Function, optional: true }, // a failed mail has become a draft: open it
        write: { type: Function, optional: true }, // open the draft of an answer
        call: Function, // (method of servicedesk.item), refreshes afterwards
    };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.openGallery = useTicketGallery();
        this.desk = useDesk();
        this.menu = useState({ groups: [] });
        this.state = useState({ open: null, remote: false, busy: false });
        this.prepared = { key: null };
    }

    get item() {
        return this.props.item;
    }

    /** Side, colour and icon all say the same: where the words went. */
    get look() {
        const { direction, kind, state } = this.item;
        const looks = {
            in: { side: "o_sd_in", icon: "oi-arrow-down-left", label: _t("Received e-mail") },
            out: { side: "o_sd_out", icon: "oi-arrow-up-right", label: _t("Sent e-mail") },
            internal: { side: "o_sd_int", icon: "", label: _t("Internal note") },
        };
        return {
            ...looks[direction],
            ...channelLook(kind, direction),
            failed: ["failed", "bounced"].includes(state),
            bounced: state === "bounced",
            unknown: state === "unknown",
            pending: isPending(this.item),
        };
    }

    /** Through which door it came or left; portal answers have no addresses. */
    get channelIcon() {
        return channelIcon(this.item.kind);
    }

    get isAnswerable() {
        return this.props.canAnswer && !this.look.pending && isAnswerable(this.item.kind);
    }

    /** Look up what the user may do with this item, just before the menu opens. */
    async loadMenu() {
        const actions = this.desk ? await availableActions(this.item, this.desk) : [];
        const names = [...new Set(actions.map(({ group }) => group))];
        this.menu.groups = names.map((name) => ({ name, actions: actions.filter(({ group }) => group === name) }));
    }

    get thirdPartyHint() {
        return this.item.direction === "in"
            ? _t("The sender has no part in this ticket; the customer does not see it.")
            : _t("Written to somebody who has no part in this ticket; the customer does not see it.");
    }

    /** A note of a discussion whose item is not on the screen. */
    get isLoneNote() {
        return this.item.kind === "note" && Boolean(this.item.parent_id) && Boolean(this.desk);
    }

    get isFolded() {
        return this.state.open === null ? this.props.folded : !this.state.open;
    }

    toggle() {
        this.state.open = this.isFolded;
    }

    get initials() {
        const words = this.item.author.name
            .replace(/@.*/, "")
            .split(/[\s.]+/)
            .filter(Boolean);
        return [words[0], words.length > 1 ? words.at(-1) : ""]
            .map((word) => (word || "").charAt(0))
            .join("")
            .toUpperCase();
    }

    /** Picture of the colleague; customers have initials, most of them have no picture. */
    get avatar() {
        const { user_id: userId } = this.item.author;
        return userId ? `/web/image/res.users/${userId}/avatar_128` : "";
    }

    /** The line beside the author, `[{text, reach}]`: `reach` is an address or number that offers what to do with it. */
    get addressParts() {
        const { kind, direction, email_from: from, email_to: to, email_cc: cc, email_bcc: bcc } = this.item;
        if (kind !== "email") {
            const text = ["call", "meeting"].includes(kind) ? this.look.label : "";
            return kind === "sms" ? splitReach(this.item.phone_from || "") : [{ text, reach: "" }];
        }
        const people = (text) =>
            parseAddresses(text).flatMap((one, index) => [
                { text: index ? ", " : "", reach: "" },
                { text: direction === "in" ? one.email || one.raw : displayName(one), reach: one.email || "" },
            ]);
        const [sender] = parseAddresses(from);
        return [
            { text: sender?.email || from, reach: (direction === "in" && sender?.email) || "" },
            { text: " → ", reach: "" },
            ...people(to),
            ...(cc ? [{ text: _t(" · Cc: "), reach: "" }, ...people(cc)] : []),
            ...(bcc ? [{ text: _t(" · Bcc: "), reach: "" }, ...people(bcc)] : []),
        ];
    }

    reachUrl(value) {
        return reachUrl(value);
    }

    get allAddresses() {
        const { email_from: from, email_to: to, email_cc: cc, email_bcc: bcc } = this.item;
        return [from && _t("From: %s", from), to && _t("To: %s", to), cc && _t("Cc: %s", cc), bcc && _t("Bcc: %s", bcc)]
            .filter(Boolean)
            .join("\n");
    }

    get time() {
        const date = readTime(this.item.date);
        return { short: this.look.failed || this.look.unknown ? shortTime(date) : clock(date), exact: exactTime(date) };
    }

    get delivery() {
        const { state, sent_at: sentAt } = this.item;
        if (this.item.direction !== "out") {
            return null;
        }
        return {
            queued: { icon: "fa-clock-o", text: _t("Queued") },
            sending: { icon: "fa-paper-plane-o", text: _t("Sending") },
            sent: {
                icon: "fa-check",
                text: sentAt ? _t("Sent %s, the mail server took it over", shortTime(readTime(sentAt))) : _t("Sent"),
            },
        }[state];
    }

    get body() {
        const key = [this.item.body, this.state.remote].join("|");
        if (this.prepared.key !== key) {
            const options = { remote: this.state.remote, foreign: this.item.direction === "in" };
            this.prepared = { key, ...prepareBody(this.item.body, options) };
        }
        return this.prepared;
    }

    get remoteLabel() {
        return _t("Show remote pictures (%s)", this.body.blocked);
    }

    get files() {
        const { attachments, body } = this.item;
        return attachments.filter((file) => !file.inline && !showsAttachment(body, file.id));
    }

    /** A picture in the text opens among all pictures of the ticket, unless it is a link. */
    onBodyClick({ target }) {
        const [, id] = target.closest("img[src]:not(a *)")?.getAttribute("src").match(OWN_PICTURE) || [];
        if (id) {
            this.openGallery(Number(id));
        }
    }

    downloadFiles() {
        browser.open(`/servicedesk/item/${this.item.id}/files.zip`, "_self");
    }

    putFilesOnCard() {
        putOnClientCard(
            this,
            this.item.attachments.map(({ id }) => id),
        );
    }

    get failureReason() {
        return this.item.failure_reason || _t("The reason is not known.");
    }

    /** Why the mail was filed in this ticket. */
    get reason() {
        return _t("Why it is here: %s", this.item.reason);
    }

    downloadOriginal() {
        browser.open(`/servicedesk/original/${this.item.original_id}`, "_self");
    }

    async act(method) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.props.call(method);
        } finally {
            this.state.busy = false;
        }
    }

    async edit() {
        await this.act("action_edit");
        this.props.edit();
    }

    async copyLink() {
        const url = new URL(browser.location.href);
        url.searchParams.set("item", this.item.id);
        await browser.navigator.clipboard.writeText(url.href);
        this.notification.add(_t("Link copied."), { type: "success" });
    }
}
