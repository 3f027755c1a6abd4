import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { fileSize } from "../../common/files";

/** Which files of an item go along when it is forwarded. */
export class ForwardDialog extends Component {
    static template = "servicedesk.ForwardDialog";
    static components = { Dialog };
    static props = {
        files: Array,
        forward: Function, // (ids of the chosen files)
        close: Function,
    };

    setup() {
        this.chosen = useState(new Set(this.props.files.map(({ id }) => id)));
    }

    get title() {
        return _t("Forward with these files");
    }

    size(file) {
        return fileSize(file.size);
    }

    toggle(id) {
        this.chosen.has(id) ? this.chosen.delete(id) : this.chosen.add(id);
    }

    confirm() {
        this.props.close();
        this.props.forward([...this.chosen]);
    }
}
