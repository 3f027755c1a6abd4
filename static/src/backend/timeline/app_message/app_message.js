import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Attachments } from "../../item/attachments/attachments";
import { clock, exactTime, readTime } from "../../common/dates";
import { ForeignHtml } from "../../common/foreign_html/foreign_html";
import { prepareBody } from "../../common/mail_body";

/** What another app has posted on the ticket: read-only, as that app's; customers do not see it in the portal. */
export class AppMessage extends Component {
    static template = "servicedesk.AppMessage";
    static components = { Attachments, ForeignHtml };
    static props = { message: Object, folded: { type: Boolean, optional: true } };

    setup() {
        this.state = useState({ remote: false });
    }

    get time() {
        const date = readTime(this.props.message.date);
        return { short: clock(date), exact: exactTime(date) };
    }

    get body() {
        return prepareBody(this.props.message.body, { remote: this.state.remote, foreign: true });
    }

    get label() {
        const { author, activity } = this.props.message;
        return [activity || _t("Posted by another app"), author.name, this.time.exact].join(", ");
    }

    get recipients() {
        return _t("To: %s", this.props.message.recipients);
    }

    get remoteLabel() {
        return _t("Show remote pictures (%s)", this.body.blocked);
    }
}
