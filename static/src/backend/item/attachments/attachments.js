import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { fileBadge, fileSize, toFile } from "../../common/files";
import { useTicketGallery } from "../gallery/ticket_gallery";
import { useViewer } from "../gallery/viewer";

/**
 * Files as thumbnails (pictures) and chips (everything else); a click shows them in Odoo's viewer, a picture among
 * all pictures of the ticket. What has moved to the client's card is a chip with a link to it.
 */
export class Attachments extends Component {
    static template = "servicedesk.Attachments";
    static props = {
        files: Array,
        compact: { type: Boolean, optional: true },
        remove: { type: Function, optional: true },
        onOpen: { type: Function, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.viewer = useViewer();
        this.openGallery = useTicketGallery();
    }

    get models() {
        return this.props.files.map((file) =>
            Object.assign(toFile(file), { size: file.size, clientFileId: file.client_file_id }),
        );
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
        if (!file.isViewable) {
            return;
        }
        ev.preventDefault();
        const { models } = this;
        if (file.isImage) {
            this.openGallery(file.id, models);
        } else {
            this.viewer.open(
                models.find(({ id }) => id === file.id),
                models,
            );
        }
    }

    openOnCard({ clientFileId }) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "servicedesk.client.file",
            res_id: clientFileId,
            views: [[false, "form"]],
        });
    }
}
