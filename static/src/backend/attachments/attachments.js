import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { fileBadge, fileSize, toFile } from "../common/files";

/** Files as thumbnails (pictures) and chips (everything else); a click shows them in Odoo's viewer. */
export class Attachments extends Component {
    static template = "servicedesk.Attachments";
    static props = {
        files: Array,
        compact: { type: Boolean, optional: true },
        remove: { type: Function, optional: true },
        onOpen: { type: Function, optional: true },
    };

    setup() {
        this.viewer = useFileViewer();
    }

    get models() {
        return this.props.files.map((file) => Object.assign(toFile(file), { size: file.size }));
    }

    badge(file) {
        return fileBadge(file);
    }

    size(file) {
        return fileSize(file.size);
    }

    labels({ name }) {
        return { download: _t("Download %s", name), remove: _t("Remove %s", name) };
    }

    thumbnail(file) {
        return `/web/image/${file.id}/240x160`;
    }

    open(ev, file) {
        if (file.isViewable) {
            ev.preventDefault();
            const models = this.models;
            this.viewer.open(
                models.find(({ id }) => id === file.id),
                models,
            );
        }
    }
}
