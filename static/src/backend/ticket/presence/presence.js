import { Component, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { wordsOf } from "../../composer/composer_tabs/composer_tabs";
import { Readers } from "../../timeline/reads/readers";

const FACES = 4;

/** "Petr Dvořák is writing an e-mail…", by kind of item. */
export function writingWords({ name, writing }) {
    return wordsOf(writing).writing?.(name) || _t("%s is writing…", name);
}

/** Head of the ticket: faces of those who have it open, in words who writes, and who has read it. */
export class Presence extends Component {
    static template = "servicedesk.Presence";
    static components = { Readers };
    static props = { ...standardWidgetProps };

    setup() {
        this.service = useService("servicedesk.presence");
        this.state = useState({ presence: null });
        useRecordObserver((record) => this.follow(record.resId));
        onWillDestroy(() => this.follow(false));
    }

    follow(ticketId) {
        if (ticketId !== this.ticketId) {
            this.ticketId && this.service.leave(this.ticketId);
            this.ticketId = ticketId;
            this.state.presence = ticketId ? this.service.enter(ticketId) : null;
        }
    }

    get others() {
        return this.state.presence?.others || [];
    }

    get shown() {
        return this.others.slice(0, FACES);
    }

    get more() {
        return this.others.length - FACES;
    }

    get readers() {
        return this.state.presence?.readers || [];
    }

    get hereLabel() {
        return _t("Here now: %s", this.others.map(({ name }) => name).join(", "));
    }

    get words() {
        const { writers } = this.state.presence || { writers: [] };
        if (writers.length > 1) {
            return _t("Several people are writing: %s", writers.map(({ name }) => name).join(", "));
        }
        return writers.length ? writingWords(writers[0]) : "";
    }
}

registry.category("view_widgets").add("servicedesk_presence", { component: Presence });
